import { expect, test } from './fixtures'
import { lookAt } from './look-at'

test('what is remembered goes along with a message, is shown under the answer, and is put right or forgotten there', async ({ app, page, model, api }) => {
  const workspaceId = (await api.get('/workspaces')).body.items[0].id
  await api.post('/memory/save', { text: 'The harbour server listens on port 3000.', scope: 'workspace', workspaceId })
  await app.newSession()
  model.reply({ text: 'On port 3000.' }, { text: 'On port 4000.' }, { text: 'I do not know.' })
  await app.say('Which port has the harbour server?')
  await expect(app.answers.last()).toContainText('On port 3000.')
  await app.answers.last().getByRole('button', { name: /^Used in this answer: 1 from memory/ }).click()
  const used = page.getByRole('list', { name: 'Used in this answer' })
  await expect(used).toContainText('listens on port 3000')
  await expect(used).toContainText('score')
  await used.getByRole('button', { name: /^Wrong, fix/ }).click()
  await used.getByRole('textbox', { name: 'What is right' }).fill('The harbour server listens on port 4000.')
  await page.keyboard.press('Control+Enter')
  await expect(used).toContainText('listens on port 4000')
  await app.say('And now, which port has the harbour server?')
  await expect(app.answers.last()).toContainText('On port 4000.')
  expect(JSON.stringify(model.requests.at(-1))).toContain('listens on port 4000')
  await used.getByRole('button', { name: /^Forget/ }).click()
  await expect(used).toContainText('not learnt again')
  await app.say('Once more: the harbour server?')
  await expect(app.answers.last()).toContainText('I do not know.')
  // What was said stays in the conversation; what is sent along does not have it any more.
  expect(JSON.stringify(model.requests.at(-1))).not.toContain('added by Trestle')
})

test('the memory is searched, corrected with its history, tagged in bulk, merged and erased with proof', async ({ app, page, api }) => {
  const texts = ['The crane lifts ten tons.', 'The crane needs oil.', 'The pier is made of oak.']
  for (const text of texts) await api.post('/memory/save', { text })
  await expect(app.status).toContainText('Connected')
  await page.getByRole('navigation', { name: 'Work' }).getByRole('link', { name: 'Memory' }).click()
  const table = page.getByRole('table', { name: 'Memory' })
  await expect(table.getByRole('row')).toHaveCount(4)
  await page.keyboard.press('/')
  await expect(page.getByRole('searchbox', { name: 'Search the memory' })).toBeFocused()
  await page.keyboard.type('crane')
  await expect(table.getByRole('row')).toHaveCount(3)
  await table.getByRole('button', { name: /The crane needs oil/ }).click()
  const detail = page.getByRole('complementary', { name: 'Item' })
  await detail.getByRole('textbox', { name: 'Text' }).fill('The crane needs grease.')
  await detail.getByRole('button', { name: 'Save', exact: true }).click()
  const history = detail.getByRole('list', { name: 'Changes, newest first' })
  await expect(history.getByRole('listitem').first()).toContainText('The crane needs oil.')
  await history.getByRole('button', { name: /^Back to this/ }).click()
  await expect(detail.getByRole('textbox', { name: 'Text' })).toHaveValue('The crane needs oil.')
  await detail.getByRole('button', { name: 'Close the item' }).click()
  await page.getByRole('checkbox', { name: 'Select all that are loaded' }).check()
  const bar = page.getByRole('toolbar', { name: 'Selected items' })
  await bar.getByRole('button', { name: 'Merge…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Merge', exact: true }).click()
  await expect(table.getByRole('row')).toHaveCount(2)
  await detail.getByRole('button', { name: 'Erase…' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Erase', exact: true }).click()
  await expect(page.getByText('Looked for everywhere afterwards: nothing is left.')).toBeVisible()
  await page.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).last().click()
  await page.getByRole('button', { name: 'Clear', exact: true }).click()
  await expect(table.getByRole('row')).toHaveCount(2)
  await page.getByRole('tab', { name: 'Graph' }).click()
  await page.getByRole('button', { name: /The pier is made of oak/ }).click()
  await expect(detail.getByRole('textbox', { name: 'Text' })).toHaveValue('The pier is made of oak.')
})

test('what an agent noted after it had read a file waits for review, and counts once it is accepted', async ({ app, page, model, api }) => {
  await app.newSession()
  model.reply(
    { toolCalls: [{ name: 'read_file', arguments: { path: 'README.md' } }] },
    { toolCalls: [{ name: 'remember', arguments: { kind: 'user', scope: 'user', text: 'The user likes tests with waves.' } }] },
    { text: 'Read it.' },
  )
  await app.say('What does the file say?')
  await expect(app.answers.last()).toContainText('Read it.')
  expect((await api.get('/memory/query')).body.items).toEqual([])
  await page.getByRole('navigation', { name: 'Work' }).getByRole('link', { name: 'Memory' }).click()
  await page.getByRole('tab', { name: 'Review (1)' }).click()
  const card = page.getByRole('group', { name: /^Proposed: The user likes tests/ })
  await expect(card).toContainText('so it may not be yours')
  await card.getByRole('textbox', { name: 'What is remembered then' }).fill('I like tests.')
  await card.getByRole('button', { name: /^Accept/ }).click()
  await expect(page.getByText('Nothing waits for you')).toBeVisible()
  expect((await api.get('/memory/query')).body.items.map(({ item }: { item: object }) => item)).toMatchObject([{ text: 'I like tests.', trust: 'person' }])
})

test('/memory adds, searches and forgets from the message field', async ({ app, page }) => {
  await app.newSession()
  await app.say('/memory add The ferry leaves at noon')
  await expect(page.getByText('Remembered in this folder: “The ferry leaves at noon”')).toBeVisible()
  await app.say('/memory search ferry')
  await expect(page.getByText('“The ferry leaves at noon”', { exact: true })).toBeVisible()
  await app.say('/memory forget the ferry leaves')
  await expect(page.getByText('Forgotten. It is not recalled any more and not learnt again.')).toBeVisible()
  await app.say('/memory add The quay is long')
  await app.say('/memory clear')
  await expect(page.getByText('Nothing is remembered for this session alone.')).toBeVisible()
  await app.say('/memory clear folder')
  await expect(page.getByText('Forgotten: 1 item for this folder. They can be remembered again')).toBeVisible()
  await app.composer.fill('/memory list')
  await app.composer.press('Enter')
  await expect(page.getByText('Nothing is remembered yet')).toBeVisible()
})

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme })

    test('every view of the memory fits and is accessible', async ({ app, page, model, api }, info) => {
      const look = lookAt(page, info, colorScheme)
      const workspaceId = (await api.get('/workspaces')).body.items[0].id
      const items = [
        { text: 'I prefer short answers, in German.', kind: 'user', tags: ['style'] },
        { text: 'The harbour server listens on port 3000.', scope: 'workspace', workspaceId, tags: ['server', 'harbour'], pinned: true },
        { text: 'The build fails on CI because of the cache', kind: 'solution', scope: 'workspace', workspaceId, tags: ['ci'], solution: { problem: 'The build fails on CI', steps: ['Clear the cache'], outcome: 'It builds.' } },
        { text: 'A page says that the crane is blue.', trust: 'untrusted', tags: ['harbour'] },
        { text: 'The key is sk-proj-abcdefghijklmnopqrstuvwx.', tags: ['server'] },
      ]
      for (const item of items) await api.post('/memory/save', item)
      await app.newSession()
      model.reply({ toolCalls: [{ name: 'read_file', arguments: { path: 'README.md' } }] }, { toolCalls: [{ name: 'remember', arguments: { kind: 'user', scope: 'user', text: 'The user likes waves.' } }] }, { text: 'Port 3000.' })
      await app.say('Which port has the harbour server?')
      await app.answers.last().getByRole('button', { name: /^Used in this answer/ }).click()
      await expect(page.getByRole('list', { name: 'Used in this answer' })).toContainText('port 3000')
      await look('memory used')
      await page.getByRole('navigation', { name: 'Work' }).getByRole('link', { name: 'Memory' }).click()
      await page.getByRole('button', { name: 'Filters' }).click()
      await page.getByRole('checkbox', { name: /^Select I prefer/ }).check()
      await look('memory')
      await page.getByRole('table', { name: 'Memory' }).getByRole('button', { name: /The build fails/ }).click()
      await expect(page.getByRole('region', { name: 'Solution' })).toBeVisible()
      await look('memory item')
      await page.getByRole('button', { name: 'Close the item' }).click()
      await page.getByRole('tab', { name: 'Graph' }).click()
      await look('memory graph')
      await page.getByRole('tab', { name: 'Review (1)' }).click()
      await expect(page.getByRole('group', { name: /^Proposed/ })).toBeVisible()
      await look('memory review')
    })
  })
}
