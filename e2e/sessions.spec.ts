import { readFile } from 'node:fs/promises'
import type { Locator, Page } from '@playwright/test'
import { expectAccessible } from './accessible'
import { expect, test } from './fixtures'

test.describe.configure({ mode: 'parallel' })

const hostile = '<img src=x onerror="alert(1)"> [link](javascript:alert(1)) \u202e RTL'

function listOf(page: Page): { readonly list: Locator; act(title: string, action: string): Promise<void> } {
  const list = page.getByRole('navigation', { name: 'Sessions' })
  return {
    list,
    act: async (title, action) => {
      await list.getByRole('button', { name: `Actions for ${title}` }).click()
      await page.getByRole('menuitem', { name: action, exact: true }).click()
    },
  }
}

test('sessions are renamed, pinned, archived and deleted, and each can be taken back', async ({ app, page, api }) => {
  for (const title of ['One', 'Two']) await api.post('/sessions', { title })
  const { list, act } = listOf(page)
  await act('One', 'Rename')
  await list.getByRole('textbox', { name: 'Session title' }).fill('First')
  await page.keyboard.press('Enter')
  await act('First', 'Pin')
  await expect(list.getByRole('heading', { name: 'Pinned (1)' })).toBeVisible()
  await act('First', 'Archive')
  await expect(list.getByRole('button', { name: /^Idle First/ })).toBeHidden()
  await app.button('Undo').click()
  await expect(list.getByRole('button', { name: /^Idle First/ })).toBeVisible()
  await act('Two', 'Delete')
  await expect(list.getByRole('button', { name: /^Idle Two/ })).toBeHidden()
  await page.getByRole('status').filter({ hasText: 'Deleted' }).getByRole('button', { name: 'Undo' }).click()
  await expect(list.getByRole('button', { name: /^Idle Two/ })).toBeVisible()
  await act('Two', 'Delete')
  await list.getByRole('radio', { name: 'Bin' }).check({ force: true })
  await act('Two', 'Delete for good…')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete for good' }).click()
  await expect(list.getByText('The bin is empty.')).toBeVisible()
  expect((await api.get('/sessions')).body.items.map(({ title }: { title: string }) => title)).toEqual(['First'])
})

test('the list is worked with by the keyboard alone', async ({ page, api }) => {
  for (const title of ['One', 'Two', 'Three']) await api.post('/sessions', { title })
  const { list } = listOf(page)
  await expect(list.getByRole('heading', { name: 'Idle (3)' })).toBeVisible()
  await list.getByRole('button', { name: /^Idle Three/ }).focus()
  await page.keyboard.press('ArrowDown')
  await expect(list.getByRole('button', { name: /^Idle Two/ })).toBeFocused()
  await page.keyboard.press('F2')
  await page.keyboard.type('Second')
  await page.keyboard.press('Enter')
  await expect(list.getByRole('button', { name: /^Idle Second/ })).toBeFocused()
  await page.keyboard.press('Delete')
  await expect(list.getByRole('button', { name: /^Idle Second/ })).toBeHidden()
  await expect(list.getByRole('button', { name: /^Idle One/ })).toBeFocused()
  await page.keyboard.press('Home')
  await expect(list.getByRole('button', { name: /^Idle Three/ })).toBeFocused()
})

test('a search finds words in messages and titles, and a press goes to the place', async ({ app, page, model }) => {
  model.reply({ text: 'The **quay** is blue.' }, { text: 'Nothing of that.' })
  await app.newSession()
  await app.say('What colour is the wall by the water?')
  await expect(app.answers).toHaveText(/is blue/)
  await app.newSession()
  await app.say('Something else')
  await expect(app.answers).toHaveText(/Nothing of that/)
  const { list } = listOf(page)
  await list.getByRole('searchbox', { name: 'Search sessions' }).fill('blue qua')
  const found = list.getByRole('list', { name: 'Found sessions' })
  await expect(found.getByRole('button')).toHaveCount(2)
  await expect(found.locator('mark')).toHaveText(['quay', 'blue'])
  await found.getByRole('button', { name: /^Agent/ }).click()
  await expect(app.answers).toHaveText(/is blue/)
  await list.getByRole('searchbox').fill('"blue quay"')
  await expect(list.getByText(/^Nothing found/)).toBeVisible()
})

test('a place on another branch is shown by switching to it', async ({ app, page, model, api }) => {
  model.reply({ text: 'Old harbour.' }, { text: 'New quay.' })
  await app.newSession()
  await app.say('First')
  await expect(app.answers).toHaveText(/Old harbour/)
  const id = new URL(page.url()).hash.split('/').at(-1) ?? ''
  await api.post(`/sessions/${id}/fork`, { entryId: null })
  await app.say('Second')
  await expect(app.answers).toHaveText(/New quay/)
  const { list } = listOf(page)
  await list.getByRole('searchbox').fill('harbour')
  await list.getByRole('button', { name: /^Agent/ }).click()
  await expect(app.answers).toHaveText(/Old harbour/)
})

test('a session is saved as Markdown and as JSON', async ({ app, page, model }) => {
  model.reply({ text: 'Yes.' })
  await app.newSession()
  await app.say('Keep me')
  await expect(app.answers).toHaveText(/^Yes\./)
  const { act } = listOf(page)
  for (const [item, name, content] of [['Export as Markdown', 'Keep me.md', '## You'], ['Export as JSON', 'Keep me.json', '"entries"']] as const) {
    const [download] = await Promise.all([page.waitForEvent('download'), act('Keep me', item)])
    expect(download.suggestedFilename()).toBe(name)
    expect(await readFile(await download.path(), 'utf8')).toContain(content)
  }
})

test('over REST an export is a file, and a search an answer', async ({ api, host }) => {
  const { body: { id } } = await api.post('/sessions', { title: 'Größe / "x"' })
  const answer = await fetch(`${host.ready.api}/sessions/${id}/export?format=markdown`, { headers: { authorization: `Bearer ${host.ready.token}` } })
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toBe('text/markdown; charset=utf-8')
  expect(answer.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20x.md")
  expect(await answer.text()).toMatch(/^# Größe/)
  expect((await api.get(`/sessions/${id}/export?format=pdf`)).status).toBe(400)
  expect((await api.get('/search?query=gro')).body.items).toMatchObject([{ session: { id }, hits: [{ kind: 'title' }] }])
  expect((await api.get(`/search?query=${encodeURIComponent('"( AND')}`)).status).toBe(200)
})

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme })
    test('hostile titles and texts stay text, and the views are accessible', async ({ app, page, api, model }) => {
      await api.post('/sessions', { title: hostile })
      const { body: { id } } = await api.post('/sessions', { title: 'Harbour' })
      model.reply({ text: `${hostile} harbour <script>alert(2)</script>` })
      await app.openSession(id)
      await app.say(`harbour ${hostile}`)
      await expect(app.answers).toHaveText(/harbour/)
      const { list, act } = listOf(page)
      await act('Harbour', 'Pin')
      await expectAccessible(page, 'list')
      await page.setViewportSize({ width: 1280, height: 800 })
      await list.getByRole('searchbox').fill('harbour')
      await expect(list.locator('mark').first()).toBeVisible()
      await expect(list.locator('img, a, script')).toHaveCount(0)
      await expectAccessible(page, 'found')
      await page.setViewportSize({ width: 1280, height: 800 })
    })
  })
}
