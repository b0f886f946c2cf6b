import type { Page } from '@playwright/test'
import { expect, test } from './fixtures'
import { all, expectInert, short } from './naughty'
import { watchElements, watchPage } from './watch-page'

test.describe.configure({ mode: 'parallel' })

const titles = [...new Set(short.map((text) => text.trim().slice(0, 100)))].filter((text) => text !== '').slice(0, 30)
const told = (page: Page) => page.evaluate(() => (window as unknown as { told: { title: string; body: string }[] }).told)

/** Counts what would be shown outside of the window. Counts from the next load on; nobody looks at the page. */
async function watchNotifications(page: Page) {
  await page.addInitScript(() => {
    const shown: object[] = []
    Object.assign(window, { told: shown })
    class Fake {
      static permission = 'granted'
      constructor(title: string, { body }: { readonly body: string }) {
        shown.push({ title, body })
      }
      close() {}
    }
    Object.assign(window, { Notification: Fake })
    document.hasFocus = () => false
  })
}

test('naughty strings in tasks, schedules and what needs you stay text', async ({ app, api, model, page, host }) => {
  const seen = watchPage(page, new URL('/', host.ready.url).href)
  await watchElements(page)
  const { body: { items: [{ id: workspaceId }] } } = await api.get('/workspaces')
  for (const [index, title] of titles.entries()) {
    const when = index % 10 === 9 ? { when: { kind: 'scheduled', cron: '0 9 * * 1', timeZone: 'Europe/Berlin' } } : { start: 'backlog' }
    const made = await api.post('/tasks', { title, instruction: all, context: all, tags: [title.slice(0, 40).trim()], checklist: [{ text: title }], workspaceId, ...when })
    expect(made.status, JSON.stringify(title)).toBe(201)
    if (index === 0) await api.post(`/tasks/${made.body.id}/comments`, { text: all })
  }
  model.reply({ text: all })
  const { body: { id } } = await api.post('/tasks', { title: titles[1] ?? '', instruction: all, review: true, start: 'ready', workspaceId, mode: 'auto-edit' })
  await expect.poll(async () => (await api.get(`/tasks/${id}`)).body.state, { timeout: 30_000 }).toBe('review')
  const go = (hash: string) => page.evaluate((to) => window.location.assign(to), hash)
  await page.reload()
  await go('#/tasks')
  await expect(page.getByRole('main', { name: 'Tasks' }).getByText(titles[2] ?? '', { exact: true }).first()).toBeAttached()
  await page.keyboard.press('v')
  await expect(page.getByRole('main', { name: 'Tasks' }).getByText(titles[2] ?? '', { exact: true }).first()).toBeAttached()
  await go(`#/tasks/${id}`)
  await expect(page.getByRole('complementary', { name: /^Task: / })).toContainText('Attempt 1')
  await go('#/schedules')
  await page.getByRole('table', { name: 'Schedules' }).getByRole('button').first().click()
  await expect(page.getByRole('complementary', { name: /^Schedule: / })).toBeVisible()
  await app.needsYou.click()
  await expect(page.getByRole('region', { name: 'Tasks' })).toContainText(titles[1] ?? '')
  await page.keyboard.press('Escape')
  await expectInert(app, seen)
})

test('naughty strings in checkpoints, the palette and notifications stay text', async ({ app, api, model, page, host }) => {
  const seen = watchPage(page, new URL('/', host.ready.url).href)
  await watchElements(page)
  await watchNotifications(page)
  await api.put('/settings', { defaultMode: 'auto-edit' })
  await page.reload()
  await app.newSession()
  model.reply({ toolCalls: [{ name: 'write_file', arguments: { path: "<img src=x onerror='alert(1)'>.txt", content: all } }] }, { text: all })
  await app.say(short.join('\n'))
  await expect(app.button('Stop')).toBeHidden({ timeout: 60_000 })
  const sessionId = page.url().split('/').at(-1) ?? ''
  for (const name of titles) expect((await api.post(`/sessions/${sessionId}/checkpoints`, { name })).status, JSON.stringify(name)).toBe(201)
  await test.step('the timeline, a comparison and a restore', async () => {
    await page.getByRole('tab', { name: 'Timeline' }).click()
    const timeline = page.getByRole('region', { name: 'Timeline' })
    await expect(timeline.getByRole('button').nth(8)).toBeVisible()
    await timeline.getByRole('button', { name: 'As a graph' }).click()
    await timeline.getByRole('button', { name: 'As a list' }).click()
    await timeline.getByRole('listitem').first().getByRole('button').first().press('End')
    await timeline.getByRole('button').filter({ hasText: 'Before a turn' }).last().click()
    await page.getByRole('button', { name: 'Restore…' }).click()
    await expect(page.getByRole('dialog', { name: /^Go back to/ })).toContainText('<img src=x')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Compare with now' }).click()
    await expect(page.getByRole('list', { name: 'Changed files' })).toContainText('<img src=x')
    await page.getByRole('button', { name: 'Back to the conversation' }).click()
  })
  await test.step('the palette', async () => {
    for (const title of titles.slice(-10)) await api.post('/sessions', { title })
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Commands' }).fill('script')
    await expect(page.getByRole('option').first()).toBeVisible()
    await page.keyboard.press('Escape')
  })
  await test.step('notifications tell the title on one line, and nothing that a command says', async () => {
    for (const title of titles.slice(0, 8)) {
      const { body: { id } } = await api.post('/sessions', { title, workspaceId: (await api.get('/workspaces')).body.items[0].id })
      model.reply({ toolCalls: [{ name: 'run_command', arguments: { command: 'echo canary-of-a-command' } }] })
      await api.post(`/sessions/${id}/messages`, { text: 'Go' })
    }
    await expect.poll(async () => (await told(page)).filter(({ title }) => title === 'An agent needs you').length, { timeout: 30_000 }).toBe(8)
    for (const { body } of await told(page)) expect(body).not.toMatch(/canary|[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
  })
  await expectInert(app, seen)
})
