import { open, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import type { App } from './app'
import { expect, test } from './fixtures'
import { startLocalServer } from './local-server'
import type { ScriptedReply } from '../src/testing/model-replies'

test.describe.configure({ mode: 'parallel' })

const refusedNow = { 'retry-after-ms': '1' }
const four = (reply: ScriptedReply): ScriptedReply[] => [reply, reply, reply, reply]

/** How the turn ended, as one sentence, without anything that only a developer reads. */
async function expectEnd(app: App, text: RegExp) {
  const ended = app.page.getByRole('region', { name: 'How the turn ended' })
  await expect(ended.getByRole('paragraph')).toHaveText(text)
  await expectNoInternals(app.page)
}

async function expectNoInternals(page: Page) {
  expect(await page.locator('body').innerText()).not.toMatch(/\bat \S+ \(|\.[jt]s:\d+|node:internal|\[object |undefined|Error:/)
}

test('a model that the provider does not know', async ({ app, model }) => {
  model.reply({ status: 404, error: 'The model `test-model` does not exist' })
  await app.newSession()
  await app.say('Hello')
  await expectEnd(app, /^This turn failed\. OpenAI \(127\.0\.0\.1:\d+\) does not know the model test-model; choose another one\.$/)
})

test('a model of a provider that is not set up', async ({ app, api }) => {
  const { body: session } = await api.post('/sessions', { model: 'nowhere/large' })
  await app.openSession(session.id)
  await app.say('Hello')
  await expectEnd(app, /^This turn failed\. There is no provider "nowhere" for the model nowhere\/large\. Pick another model\.$/)
})

test('a provider without a key: the composer says so and leads to the settings', async ({ app, api, page }) => {
  const { body: models } = await api.get('/models')
  const locked = models.items.find((item: { provider: string }) => item.provider === 'anthropic')
  const { body: session } = await api.post('/sessions', { model: locked.id })
  await app.openSession(session.id)
  await expect(page.getByRole('form', { name: 'Write a message' })).toContainText('cannot be used: its provider has no key or does not answer.')
  await app.button('Check the settings').click()
  await expect(page.getByRole('dialog', { name: 'Settings' }).getByRole('listitem').filter({ hasText: 'Anthropic' })).toContainText('No key')
})

test('a server that cannot be reached', async ({ app, api }) => {
  const server = await startLocalServer(() => {})
  await server.close()
  await api.put('/settings', { compatible: [{ id: 'gone', name: 'Gone', baseUrl: server.url, models: ['m'] }] })
  const { body: session } = await api.post('/sessions', { model: 'gone/m' })
  await app.openSession(session.id)
  await app.say('Hello')
  await expectEnd(app, /^This turn failed\. Nothing answers at the address of 127\.0\.0\.1:\d+; check that the server runs and that the base URL is right\.$/)
})

test('a limit that passes: it waits as long as asked, and goes on by itself', async ({ app, model }) => {
  model.reply({ status: 429, error: 'slow down', headers: { 'retry-after': '1' } }, { text: 'Here I am.' })
  await app.newSession()
  await app.say('Hello')
  await expect(app.answers.last()).toContainText('Here I am.')
  expect(model.requests).toHaveLength(2)
})

test('a limit that lasts for hours', async ({ app, model }) => {
  model.reply({ status: 429, error: 'slow down', headers: { 'retry-after': '7200' } })
  await app.newSession()
  await app.say('Hello')
  await expectEnd(app, /^This turn failed\. OpenAI \(.*\) limits how often it may be asked; wait a moment and try again\.$/)
  expect(model.requests).toHaveLength(1)
})

test('a provider that is broken for good; Retry works once it is well', async ({ app, model }) => {
  model.reply(...four({ status: 500, error: '<html>oops</html>', headers: refusedNow }), { text: 'Well again.' })
  await app.newSession()
  await app.say('Hello')
  await expectEnd(app, /^This turn failed\. OpenAI \(.*\) is not available at the moment \(HTTP 500.*\); try again\.$/)
  await app.button('Retry').click()
  await expect(app.answers.last()).toContainText('Well again.')
})

test('a stream that is cut: what arrived is kept and marked, and the call is tried again', async ({ app, model }) => {
  model.reply({ text: 'The beginning of a long reply that will not come to its end', cutAfterBytes: 1200 }, { text: 'The whole reply.' })
  await app.newSession()
  await app.say('Hello')
  await expect(app.answers.last()).toContainText('The whole reply.')
  await expect(app.answers.first()).toContainText('The beginning')
  await expect(app.answers.first()).toContainText('Cut off: the connection to the model broke. What arrived is kept.')
})

test('arguments that are no JSON: the call does not run, and the model is told', async ({ app, model }) => {
  model.reply({ toolCalls: [{ name: 'write_file', arguments: '{"path": "x.txt", "content": ' }] }, { text: 'Sorry, once more.' })
  await app.newSession()
  await app.choose('Mode', 'Auto-edit')
  await app.say('Write')
  await expect(app.tool('write_file')).toHaveAccessibleName('write_file: error')
  await expect(app.answers.last()).toContainText('Sorry, once more.')
  expect(JSON.stringify(model.requests[1]?.body['messages'])).toContain('Invalid parameters')
})

test('a tool that does not exist, and arguments that do not fit', async ({ app, model }) => {
  model.reply({ toolCalls: [{ name: 'fly', arguments: {} }, { name: 'read_file', arguments: { file: 1 } }] }, { text: 'I see.' })
  await app.newSession()
  await app.say('Fly')
  await expect(app.answers.last()).toContainText('I see.')
  await expect(app.tool('fly')).toHaveAccessibleName('fly: error')
  await expect(app.tool('read_file')).toHaveAccessibleName('read_file: error')
})

test('a reply with nothing in it', async ({ app, model }) => {
  model.reply({})
  await app.newSession()
  await app.say('Hello')
  await expect(app.answers.last()).toContainText('The model answered with nothing.')
})

test('a binary file and one of 100 MB', async ({ app, model, workspace }) => {
  await writeFile(join(workspace, 'image.png'), Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]))
  await (await open(join(workspace, 'huge.txt'), 'w')).close()
  await truncate(join(workspace, 'huge.txt'), 100 * 1024 * 1024)
  model.reply(
    { toolCalls: [{ name: 'read_file', arguments: { path: 'image.png' } }, { name: 'read_file', arguments: { path: 'huge.txt' } }] },
    { text: 'Neither can be read.' },
  )
  await app.newSession()
  await app.say('Read them')
  await expect(app.answers.last()).toContainText('Neither can be read.')
  await expect(app.tool('read_file').first()).toHaveAccessibleName('read_file: error')
  await expect(app.tool('read_file').last()).toHaveAccessibleName('read_file: error')
  await expectNoInternals(app.page)
})

test('a command that never ends is ended, and says so', async ({ app, model }) => {
  model.reply({ toolCalls: [{ name: 'run_command', arguments: { command: 'sleep 3600', timeout_ms: 200 } }] }, { text: 'It took too long.' })
  await app.newSession()
  await app.say('Run')
  await app.button('Allow once').click()
  await expect(app.tool('run_command')).toHaveAccessibleName('run_command: error')
  await expect(app.answers.last()).toContainText('It took too long.')
  expect(JSON.stringify(model.requests[1]?.body['messages'])).toContain('time is up')
})

test('a folder that goes away while its session is open', async ({ app, model, page, workspace }) => {
  model.reply({ text: 'Hello.' })
  await app.newSession()
  await app.say('Hello')
  await expect(app.answers.last()).toContainText('Hello.')
  await rm(workspace, { recursive: true })
  model.reply({ toolCalls: [{ name: 'list_files', arguments: {} }] }, { text: 'The folder is gone.' })
  await app.say('List the files')
  await expect(page.getByText(/the folder .*is not there|folder .* (gone|not there|cannot be read)/i).first()).toBeVisible()
  await expectNoInternals(page)
  await page.reload()
  await expect(app.mine).toHaveText([/^Hello/, /^List the files/])
})

const megabyte = 'All work and no play. '.repeat(47_700).trim()

test('a message of a megabyte is sent, kept whole, and shown folded', async ({ api, app, model, page }) => {
  model.reply({ text: 'That was long.' })
  const { body: session } = await api.post('/sessions', { model: 'openai/gpt-5.5' })
  await app.openSession(session.id)
  await app.say(megabyte)
  await expect(app.answers.last()).toContainText('That was long.')
  await expect(app.mine.getByRole('button', { name: /^Show all 1,0\d\d,\d{3} characters$/ })).toBeVisible()
  expect(JSON.stringify(model.requests[0]?.body['messages'])).toContain(megabyte)
  expect(await page.evaluate(() => document.body.innerText.length)).toBeLessThan(20_000)
})

test('a message of a megabyte for a model with a small window', async ({ app, model }) => {
  await app.newSession()
  await app.say(megabyte)
  await expectEnd(app, /^This turn failed\. .*too long.*$/)
  expect(model.requests).toEqual([])
})

test('a message that is too long is not sent and not lost', async ({ app, page }) => {
  await app.newSession()
  await app.composer.fill('x'.repeat(2_000_001))
  await expect(page.getByRole('form', { name: 'Write a message' })).toContainText('This message is too long.')
  await expect(app.button('Send')).toBeDisabled()
})

test('a link with a wrong token', async ({ browser, host }) => {
  const page = await browser.newPage()
  await page.goto(host.ready.url.replace(/#.*/, '#token=wrong'))
  await expect(page.getByRole('heading')).toHaveText('This link no longer works')
  await expect(page.getByRole('main')).toContainText('Your sessions are kept.')
  await page.close()
})

test('an address without a token', async ({ browser, host }) => {
  const page = await browser.newPage()
  await page.goto(host.ready.url.replace(/#.*/, ''))
  await expect(page.getByRole('heading')).toHaveText('This page needs its link')
  await page.close()
})

test('a session that does not exist', async ({ app, page }) => {
  await expect(app.status).toContainText('Connected')
  await page.evaluate(() => window.location.assign('#/session/0190-gone'))
  await expect(page.getByRole('main').getByRole('alert')).toContainText(/not found|no session|does not exist/i)
  await app.button('Back to the start').click()
  await expect(page.getByText(/^Ready to work in/)).toBeVisible()
})
