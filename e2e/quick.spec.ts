import AxeBuilder from '@axe-core/playwright'
import { createApp } from './app'
import { expect, test, watchComplaints } from './fixtures'

test('the quick prompt sends, shows the answer, and goes on in the workbench', async ({ app, model, page, complaints, workspace }) => {
  await expect(app.status).toContainText('Connected')
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Commands' }).fill('quick prompt')
  const opened = page.waitForEvent('popup')
  await page.keyboard.press('Enter')
  const quick = await opened
  watchComplaints(quick, complaints)
  await expect(quick).toHaveTitle('Quick prompt – Trestle')
  expect(new URL(quick.url()).pathname).toBe('/quick')
  const message = quick.getByRole('textbox', { name: 'Message' })
  await expect(message).toBeFocused()
  await expect(quick.getByRole('combobox', { name: 'Folder' }).locator('option:checked')).toHaveText(workspace.split('/').at(-1) ?? '')
  expect((await new AxeBuilder({ page: quick }).analyze()).violations.map(({ id }) => id)).toEqual([])
  model.reply({ text: 'Forty-two.' })
  await message.fill('What is the answer?')
  await message.press('Enter')
  await expect(createApp(quick).answers.last()).toContainText('Forty-two.')
  expect((await new AxeBuilder({ page: quick }).analyze()).violations.map(({ id }) => id)).toEqual([])
  const workbench = quick.waitForEvent('popup')
  await quick.getByRole('button', { name: 'Open in the workbench' }).click()
  const window = await workbench
  await expect(createApp(window).answers.last()).toContainText('Forty-two.')
  await expect(window.getByRole('navigation', { name: 'Sessions' })).toBeVisible()
})

test('the quick prompt keeps what was written, and can go into a session that is there', async ({ app, model, page, host }) => {
  model.reply({ text: 'First.' })
  await app.newSession()
  await app.say('An old session')
  await expect(app.answers.last()).toContainText('First.')
  await page.goto(host.ready.url.replace('/#', '/quick#'))
  const message = page.getByRole('textbox', { name: 'Message' })
  await message.fill('Go on with it')
  await page.reload()
  await expect(message).toHaveValue('Go on with it')
  await page.getByRole('combobox', { name: 'Session' }).selectOption('An old session')
  model.reply({ text: 'Second.' })
  await page.getByRole('button', { name: 'Send' }).click()
  await expect(app.answers).toHaveCount(2)
  await expect(app.answers.last()).toContainText('Second.')
})

test('a link only proposes: every argument is shown, and nothing happens without a press', async ({ app, api, page }) => {
  await app.newSession()
  const sessions = async () => ((await api.get('/sessions')).body.items as unknown[]).length
  const before = await sessions()
  const follow = async (link: string) => {
    await page.evaluate((hash) => window.location.assign(hash), `#/link/${encodeURIComponent(link)}`)
    return page.getByRole('alertdialog')
  }
  let dialog = await follow('trestle://new?prompt=rm%20-rf%20%2F')
  await expect(dialog).toContainText('rm -rf /')
  await expect(dialog).toContainText('Trestle cannot know which')
  await expect(dialog.getByRole('button', { name: 'Do nothing' })).toBeFocused()
  expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)).toEqual([])
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  expect(await sessions()).toBe(before)
  dialog = await follow('trestle://mcp/install?config=e30=')
  await expect(dialog).toContainText('nothing was done')
  await dialog.getByRole('button', { name: 'Close' }).click()
  dialog = await follow('trestle://new?prompt=Look%20around')
  await dialog.getByRole('button', { name: 'Put it into a new session' }).click()
  await expect(app.composer).toHaveValue('Look around')
  await expect(app.mine).toHaveCount(0)
  expect(await sessions()).toBe(before + 1)
})

test('a session opens in a window of its own, and notifications are shown only when nobody looks', async ({ app, model, page, context, host }) => {
  await context.grantPermissions(['notifications'], { origin: new URL(host.ready.url).origin })
  await page.addInitScript(() => {
    const shown: string[] = []
    Object.assign(window, { shown })
    class Fake {
      static permission = 'granted'
      onclick: (() => void) | null = null
      constructor(title: string, options: { body: string }) {
        shown.push(`${title}: ${options.body}`)
      }
      close() {}
    }
    Object.assign(window, { Notification: Fake })
    document.hasFocus = () => (window as unknown as { looks?: boolean }).looks === true
  })
  await page.reload()
  await app.newSession()
  const url = page.url()
  const popup = page.waitForEvent('popup')
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Commands' }).fill('window of its own')
  await page.keyboard.press('Enter')
  const own = await popup
  await expect(own).toHaveURL(url)
  await expect(createApp(own).composer).toBeVisible()
  await own.close()
  model.reply({ text: 'SECRET words' })
  await app.say('Tell me')
  const shown = () => page.evaluate(() => (window as unknown as { shown: string[] }).shown)
  await expect.poll(shown).toEqual(['A turn is finished: “Tell me” is done.'])
  await page.evaluate(() => Object.assign(window, { looks: true }))
  model.reply({ text: 'More words' })
  await app.say('And again')
  await expect(app.answers.last()).toContainText('More words')
  expect(await shown()).toHaveLength(1)
})

test('what is written in the quick prompt is given away as a task, and taken back', async ({ app, api, page, host }) => {
  await expect(app.status).toContainText('Connected')
  await api.post('/work/pause', {})
  await page.goto(host.ready.url.replace('/#', '/quick#'))
  const message = page.getByRole('textbox', { name: 'Message' })
  await message.fill('Count the ships')
  await page.getByRole('button', { name: 'Make it a task' }).click()
  await expect(page.getByText('“Count the ships” is a task in Ready now.')).toBeVisible()
  await expect(message).toHaveValue('')
  expect((await api.get('/tasks')).body.items).toMatchObject([{ title: 'Count the ships', state: 'ready' }])
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(message).toHaveValue('Count the ships')
  expect((await api.get('/tasks')).body.items).toEqual([])
})
