import { _electron, expect, test as base, type ElectronApplication, type Page } from '@playwright/test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startModelScript, type ModelScript } from '../model-script'

interface Fixtures {
  readonly model: ModelScript
  readonly app: ElectronApplication
  readonly window: Page
}

const root = join(import.meta.dirname, '..', '..')

const test = base.extend<Fixtures>({
  model: async ({}, use) => {
    const model = await startModelScript()
    await use(model)
    await model.close()
  },
  app: async ({ model }, use) => {
    const profile = await mkdtemp(join(tmpdir(), 'trestle-desktop-'))
    const env = { ...process.env, TRESTLE_PROFILE: profile, TRESTLE_SECRETS: 'session', OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: model.url, TRESTLE_MODEL: 'openai/test-model' }
    const app = await _electron.launch({ args: [root], env })
    await use(app)
    await app.close()
    await rm(profile, { recursive: true, force: true })
  },
  window: async ({ app }, use) => {
    await use(await app.firstWindow())
  },
})

test('one window opens, from app://, with nothing of Node in its page', async ({ app, window }) => {
  await expect(window).toHaveTitle('Trestle')
  expect(window.url()).toBe('app://trestle/')
  expect(await window.evaluate(() => ['require', 'process', 'module', 'Buffer', 'ipcRenderer'].filter((name) => name in globalThis))).toEqual([])
  expect(app.windows()).toHaveLength(1)
})

test('the window runs with the settings that keep the page apart from the system', async ({ app, window }) => {
  await expect(window).toHaveTitle('Trestle')
  const preferences = await app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }
    const { contextIsolation, sandbox, nodeIntegration, webSecurity, webviewTag } = contents.getLastWebPreferences()
    return { contextIsolation, sandbox, nodeIntegration, webSecurity, webviewTag }
  })
  expect(preferences).toEqual({ contextIsolation: true, sandbox: true, nodeIntegration: false, webSecurity: true, webviewTag: false })
})

test('the page cannot open windows, leave, or get a permission', async ({ app, window }) => {
  await expect(window).toHaveTitle('Trestle')
  await app.evaluate(({ shell }) => {
    const opened: string[] = []
    Object.assign(globalThis, { opened })
    shell.openExternal = async (url) => void opened.push(url)
  })
  expect(await window.evaluate(() => globalThis.open('file:///etc/passwd') === null && globalThis.open('http://example.com') === null)).toBe(true)
  await window.evaluate(() => {
    globalThis.location.href = 'https://example.com/'
  })
  expect(await window.evaluate(() => navigator.permissions.query({ name: 'geolocation' }).then(({ state }) => state))).toBe('denied')
  expect(window.url()).toBe('app://trestle/')
  expect(app.windows()).toHaveLength(1)
  expect(await app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened)).toEqual([])
})

test('only files of the window are served under app://', async ({ window }) => {
  await expect(window).toHaveTitle('Trestle')
  const statuses = await window.evaluate(async () => {
    const paths = ['/index.html', '/../package.json', '/..%2fpackage.json', '/%2e%2e/package.json', '/main/index.js']
    return Promise.all(paths.map((path) => fetch(`app://trestle${path}`).then(({ status }) => status)))
  })
  expect(statuses).toEqual([200, 404, 404, 404, 404])
})

test('a message gets the answer of the model', async ({ window, model }) => {
  model.reply({ text: 'Hello from the model.' })
  await window.getByRole('textbox').last().fill('Say hello')
  await window.keyboard.press('Enter')
  await expect(window.getByText('Hello from the model.')).toBeVisible()
})

test('the menu has the commands of the palette, and gives them to the window in front', async ({ app, window }) => {
  await expect(window.getByRole('contentinfo', { name: 'Status' })).toContainText('Connected')
  await app.evaluate(({ Menu }) => {
    const items = Menu.getApplicationMenu()?.items.flatMap(({ submenu }) => submenu?.items ?? []) ?? []
    items.find(({ label }) => label === 'Keyboard shortcuts')?.click()
  })
  await expect(window.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
})

test('a session opens in a window of its own, and what a page may not open it does not', async ({ app, window }) => {
  await expect(window.getByRole('contentinfo', { name: 'Status' })).toContainText('Connected')
  const opened = app.waitForEvent('window')
  await window.evaluate(() => globalThis.open('/#/session/unknown', '_blank'))
  const own = await opened
  expect(own.url()).toBe('app://trestle/#/session/unknown')
  expect(app.windows()).toHaveLength(2)
})

test('a link of another app is shown and does nothing', async ({ app, window }) => {
  await expect(window.getByRole('contentinfo', { name: 'Status' })).toContainText('Connected')
  await app.evaluate(({ app: electron }) => electron.emit('second-instance', {}, ['trestle', 'trestle://new?prompt=rm%20-rf'], '', {}))
  await expect(window.getByRole('alertdialog')).toContainText('rm -rf')
})

test('sleep and wake reach the runtime without an error', async ({ app, window }) => {
  await expect(window.getByRole('contentinfo', { name: 'Status' })).toContainText('Connected')
  await app.evaluate(({ powerMonitor }) => {
    powerMonitor.emit('suspend')
    powerMonitor.emit('resume')
  })
  await expect(window.getByRole('contentinfo', { name: 'Status' })).toContainText('Connected')
})
