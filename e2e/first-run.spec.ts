import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { App } from './app'
import { expect, test } from './fixtures'
import { startLocalServer, type LocalServer } from './local-server'
import { slowWire } from './slow-wire'

test.describe.configure({ mode: 'parallel' })

const key = 'sk-e2e-4f1d9c02-never-shown'

test.describe('on a fresh machine', () => {
  test.use({ withModel: false })

  test('one click starts the demo, whose agent reads, asks, and writes a file', async ({ app, page, workspace }) => {
    await app.button('Try the demo').click()
    await app.newSession()
    await app.say('Hello')
    await expect(app.tool('list_files')).toContainText('success')
    await expect(app.tool('read_file')).toContainText('README.md')
    const row = app.tool('write_file')
    await expect(row.getByRole('heading', { name: 'Create trestle-tour.md' })).toBeVisible()
    await expect(row).toContainText('# What is in this folder')
    await row.getByRole('button', { name: 'Allow once' }).click()
    await expect(app.answers.last()).toContainText('With your approval I wrote trestle-tour.md')
    expect(await readFile(join(workspace, 'trestle-tour.md'), 'utf8')).toContain('# What is in this folder')
    await expect(page).toHaveTitle('Hello – Trestle')
  })

  test('a server is used by its address alone', async ({ app, page, model }) => {
    await page.getByLabel('Server address').fill(model.url)
    await app.button('Connect').click()
    await page.getByRole('list', { name: 'Models' }).getByRole('button', { name: 'test-model' }).click()
    await talk(app, model)
  })

  test('an address where nothing answers is told in one sentence, and can be corrected', async ({ app, page, model }) => {
    const gone = await startLocalServer(() => {})
    await gone.close()
    await page.getByLabel('Server address').fill(gone.url)
    await app.button('Connect').click()
    await expect(page.getByRole('alert')).toHaveText(/^Nothing answers at the address of 127\.0\.0\.1:\d+; check that the server runs and that the base URL is right\.$/)
    await page.getByLabel('Server address').fill(model.url)
    await app.button('Connect').click()
    await expect(page.getByRole('list', { name: 'Models' }).getByRole('button', { name: 'test-model' })).toBeVisible()
  })

  test('a model server that runs on this machine is found and offered', async ({ browser, host, model }) => {
    const server = await onUsualPort()
    try {
      const page = await browser.newPage()
      await page.goto(host.ready.url)
      const found = page.getByRole('list', { name: 'Servers found on this machine' }).getByRole('listitem').filter({ hasText: server.url })
      await expect(found).toContainText('Ollama')
      await found.getByRole('button', { name: 'Use Ollama' }).click()
      await page.getByRole('list', { name: 'Models' }).getByRole('button', { name: 'qwen3:8b' }).click()
      await expect(page.getByRole('contentinfo', { name: 'Status' }).getByRole('combobox', { name: 'Model' })).toContainText('qwen3:8b')
      expect(model.requests).toEqual([])
      await page.close()
    } finally {
      await server.close()
    }
  })
})

test.describe('with a provider that has no key yet', () => {
  test.use({ withModel: 'no key' })

  test('a pasted key works at once, and is nowhere to be found afterwards', async ({ app, page, api, model, profile, host }) => {
    await page.getByLabel('OpenAI key').fill(key)
    await app.button('Save and test').click()
    await page.getByRole('list', { name: 'Models' }).getByRole('button', { name: /^test-model/ }).click()
    await talk(app, model)
    expect(model.requests.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${key}`])

    const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, [...document.querySelectorAll('input')].map(({ value }) => value)]))
    expect(await page.content() + stored).not.toContain(key)
    for (const path of ['/settings', '/providers', '/models', '/system', '/sessions', '/human-requests']) {
      expect(JSON.stringify(await api.get(path)), path).not.toContain(key)
    }
    expect(await filesWith(key, profile)).toEqual([])
    await host.stop()
    expect(await filesWith(key, profile)).toEqual([])
  })
})

test.describe('with a provider that refuses', () => {
  test.use({ withModel: false })

  test('a refused key is told in one clear sentence, without the key', async ({ app, page, api }) => {
    const server = await startLocalServer((_request, response) => {
      response.writeHead(401, { 'content-type': 'application/json' }).end(JSON.stringify({ error: { message: `Incorrect API key provided: ${key}` } }))
    })
    await api.put('/settings', { openaiBaseUrl: server.url })
    await page.getByLabel('OpenAI key').fill(key)
    await app.button('Save and test').click()
    await expect(page.getByRole('alert')).toHaveText(/^OpenAI \(127\.0\.0\.1:\d+\) refused the key \(HTTP 401\); check in Settings that it is right and may be used for this\.$/)
    await expect(page.getByLabel('OpenAI key')).toHaveValue('')
    expect(await page.content()).not.toContain(key)
    await server.close()
  })
})

test.describe('without a folder', () => {
  test.use({ withWorkspace: false })

  test('a folder is opened, is read-only until it is trusted, and is among the recent ones', async ({ app, page, workspace }) => {
    await app.button('Open folder').click()
    await expect(page.getByLabel('Folder path')).toBeFocused()
    await page.getByLabel('Folder path').fill(workspace)
    await app.button('Open this folder').click()
    const question = page.getByRole('alertdialog', { name: 'Do you trust this folder?' })
    await expect(question).toContainText(workspace)
    await question.getByRole('button', { name: 'Keep read-only' }).click()
    await app.status.getByRole('button', { name: 'Read-only' }).click()
    await question.getByRole('button', { name: 'Trust this folder' }).click()
    await expect(app.status.getByRole('button', { name: 'Trusted' })).toBeVisible()
    await expect(page.getByRole('list', { name: 'Recent folders' })).toContainText(workspace)
  })

  test('what is typed takes the place of the path that came by itself, however late that came', async ({ app, page }) => {
    const wire = await slowWire(page)
    await page.reload()
    await expect(app.button('Open folder')).toBeEnabled()
    const field = page.getByLabel('Folder path')
    wire.hold()
    await app.button('Open folder').click()
    await expect(field).toBeFocused()
    await expect.poll(() => wire.held()).toBeGreaterThan(0)
    wire.release()
    await expect(field).toHaveValue(/^\//)
    await page.keyboard.insertText('/somewhere')
    await expect(field).toHaveValue('/somewhere')
  })

  test('a folder that is not there is told in the dialog', async ({ app, page, workspace }) => {
    await app.button('Open folder').click()
    await page.getByLabel('Folder path').fill(join(workspace, 'gone'))
    await app.button('Open this folder').click()
    await expect(page.getByRole('dialog', { name: 'Open a folder' }).getByRole('alert')).toHaveText('The folder does not exist or cannot be read')
  })

  test('one can talk without a folder', async ({ app, model }) => {
    await talk(app, model)
    await expect(app.status).toContainText('No folder')
  })
})

async function talk(app: App, model: { reply(reply: { text: string }): void }) {
  await app.newSession()
  model.reply({ text: 'Hello, I am here.' })
  await app.say('Are you there?')
  await expect(app.answers).toHaveText([/^Hello, I am here\./])
}

/** As Ollama would be, on whichever of the ports that are searched is free. */
async function onUsualPort(): Promise<LocalServer> {
  for (const port of [11434, 1234, 1337, 8000, 8080]) {
    const models = JSON.stringify({ object: 'list', data: [{ id: 'qwen3:8b', object: 'model', owned_by: 'library' }] })
    const server = await startLocalServer((_request, response) => void response.setHeader('content-type', 'application/json').end(models), port).catch(() => null)
    if (server) return server
  }
  throw new Error('all ports of local model servers are taken on this machine')
}

async function filesWith(text: string, folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  expect(files.length).toBeGreaterThan(1)
  const contents = await Promise.all(files.map((file) => readFile(file)))
  return files.filter((_file, index) => contents[index]?.includes(text))
}
