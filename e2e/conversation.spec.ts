import { expect, test } from './fixtures'

const paragraphs = (count: number, word: string): string => Array.from({ length: count }, (_, index) => `Paragraph ${index} says ${word}, and a little more.`).join('\n\n')

test('text is found in the whole conversation, marked, and gone through', async ({ app, model, page }) => {
  model.reply({ text: `${paragraphs(120, 'nothing')}\n\nThe needle is **here**.` }, { text: 'Another Needle and a needle.' }, { text: paragraphs(40, 'little') })
  await app.newSession()
  for (const question of ['First', 'Second', 'Third']) {
    await app.say(question)
    await expect(app.button('Stop')).toBeHidden()
  }
  await expect(app.answers.last()).toContainText('Paragraph 39')
  await page.keyboard.press('ControlOrMeta+f')
  const find = page.getByRole('search', { name: 'Find in this conversation' })
  await find.getByRole('textbox', { name: 'Find' }).fill('needle')
  await expect(find.getByRole('status')).toHaveText('3 of 3')
  await expect(app.answers.getByText('Another Needle and a needle.')).toBeInViewport()
  await find.getByRole('textbox').press('Enter')
  await expect(find.getByRole('status')).toHaveText('2 of 3')
  await find.getByRole('textbox').press('Enter')
  await expect(find.getByRole('status')).toHaveText('1 of 3')
  await expect(app.page.getByRole('feed').getByText('The needle is here.')).toBeInViewport()
  await expect.poll(() => page.evaluate(() => [...(CSS.highlights.get('find-current') ?? [])].map(String))).toEqual(['needle'])
  await find.getByRole('textbox').press('Escape')
  await expect(find).toBeHidden()
  await expect(page.getByRole('region', { name: 'Messages' })).toBeFocused()
})

test('the rail lists every prompt and goes to it, and the place is kept over a reload', async ({ app, model, page }) => {
  const questions = ['What is one?', 'What is two?', 'What is three?']
  model.reply(...questions.map((question) => ({ text: paragraphs(60, question) })))
  await app.newSession()
  for (const question of questions) {
    await app.say(question)
    await expect(app.button('Stop')).toBeHidden()
  }
  await expect(app.answers.last()).toContainText('Paragraph 59')
  await app.button('Prompts (3)').focus()
  await page.keyboard.press('Enter')
  const list = page.getByRole('listbox', { name: 'Prompts' })
  await expect(list.getByRole('option')).toHaveText(questions)
  await page.keyboard.press('Home')
  await page.keyboard.press('Enter')
  await expect(app.mine.first()).toBeInViewport()
  await expect(app.mine.first()).toContainText('What is one?')
  await expect.poll(() => page.evaluate(() => window.localStorage.getItem('trestle.places'))).not.toBeNull()
  await page.reload()
  await expect(app.mine.first()).toBeInViewport()
  await app.button('Jump to newest').click()
  await expect(page.getByRole('feed').getByText('Paragraph 59 says What is three?')).toBeInViewport()
})

test('messages are gone through by keyboard', async ({ app, model, page }) => {
  model.reply({ text: 'One.' }, { text: 'Two.' })
  await app.newSession()
  for (const question of ['First', 'Second']) {
    await app.say(question)
    await expect(app.button('Stop')).toBeHidden()
  }
  await page.getByRole('region', { name: 'Messages' }).focus()
  await page.keyboard.press('j')
  await expect(app.mine.first()).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(app.answers.first()).toBeFocused()
  await page.keyboard.press('k')
  await expect(app.mine.first()).toBeFocused()
})

test('the output of a command has its colours, and an edit its diff', async ({ app, model, page, api }) => {
  await api.put('/settings', { defaultMode: 'auto-edit' })
  model.reply(
    { toolCalls: [{ name: 'run_command', arguments: { command: `printf '\\033[31mred\\033[0m\\n10%%\\r100%%\\nend\\n'` } }] },
    { toolCalls: [{ name: 'write_file', arguments: { path: 'new.ts', content: 'export const answer = 42\n' } }] },
    { text: 'Done.' },
  )
  await app.newSession()
  await app.say('Run it')
  await app.button('Allow once').click()
  await expect(app.answers.last()).toContainText('Done.')
  await app.tool('run_command').getByRole('button', { expanded: false }).first().click()
  const output = app.tool('run_command').getByRole('group', { name: 'Result' })
  await expect(output).toContainText('100%')
  await expect(output.locator('.ansi-red')).toHaveText('red')
  await app.tool('write_file').getByRole('button', { expanded: false }).first().click()
  await expect(app.tool('write_file').getByRole('group', { name: 'Changes of new.ts' })).toContainText('export const answer = 42')
  await app.button('Show in the editor').click()
  await expect(page.locator('.monaco-diff-editor')).toBeVisible()
})

test('tokens and cost are added up by day, model and session', async ({ app, model, page }) => {
  model.reply({ text: 'Hello.' })
  await app.newSession()
  await app.say('Hi')
  await expect(app.button('Stop')).toBeHidden()
  await app.status.getByRole('button', { name: /Usage|\$|cost/ }).click()
  const dialog = page.getByRole('dialog', { name: 'Tokens and cost' })
  await expect(dialog.getByRole('table', { name: 'By model' })).toContainText('openai/test-model')
  await expect(dialog.getByRole('table', { name: 'By session' })).toBeVisible()
  await expect(dialog.getByRole('table', { name: 'By day' })).toBeVisible()
  await expect(dialog.getByRole('img', { name: /by day/ })).toBeVisible()
})
