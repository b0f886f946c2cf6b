import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from './fixtures'

test.describe.configure({ mode: 'parallel' })

const write = { toolCalls: [{ name: 'write_file', arguments: { path: 'one.txt', content: 'text\n' } }] }
const offline = 'Trestle cannot be reached. What is shown may be old; it connects again by itself.'

test('killed while a reply streams: the page comes back by itself, and Resume completes the turn', async ({ app, host, model, page }) => {
  model.reply({ text: 'Looking.', toolCalls: [{ name: 'read_file', arguments: { path: 'README.md' } }] }, { text: 'I was saying', hang: 'after' })
  await app.newSession()
  await app.say('Tell me')
  await expect(app.answers.last()).toContainText('I was saying')
  await host.kill()
  await expect(page.getByText(offline)).toBeVisible()
  await host.start()
  await expect(page.getByText(offline)).toBeHidden()
  const ended = page.getByRole('region', { name: 'How the turn ended' })
  await expect(ended).toContainText('Trestle stopped during this turn.')
  await expect(app.tool('read_file')).toHaveAccessibleName('read_file: success')
  model.reply({ text: 'I was saying all of it.' })
  await ended.getByRole('button', { name: 'Resume' }).click()
  await expect(app.answers.last()).toContainText('I was saying all of it.')
  await expect(ended).toBeHidden()
  const sent = model.requests[2]?.body['messages'] as { role: string }[]
  expect(sent.filter(({ role }) => role === 'tool')).toHaveLength(1)
})

test('killed while an approval is open: it is still open, and allowing it goes on', async ({ app, host, model, workspace }) => {
  model.reply(write, { text: 'It is written.' })
  await app.newSession()
  await app.say('Write')
  await expect(app.button('Allow once')).toBeVisible()
  await host.kill()
  await expect(app.status).toContainText('Offline')
  await host.start()
  await expect(app.status).toContainText('Connected')
  await expect(app.needsYou).toHaveAccessibleName('Needs you (1)')
  await app.button('Allow once').click()
  await expect(app.answers.last()).toContainText('It is written.')
  expect(await readFile(join(workspace, 'one.txt'), 'utf8')).toBe('text\n')
})

test('killed with messages that wait: they are there afterwards, and run after the resumed turn', async ({ app, host, model, page }) => {
  model.reply({ hang: 'headers' })
  await app.newSession()
  await app.say('First')
  await model.received(1)
  await app.say('Second')
  const queued = page.getByRole('list', { name: 'Queued messages' }).getByRole('listitem')
  await expect(queued).toHaveText(['QueuedSecond'])
  await host.kill()
  await host.start()
  await expect(page.getByRole('region', { name: 'How the turn ended' })).toContainText('Trestle stopped during this turn.')
  await expect(queued).toHaveText(['QueuedSecond'])
  model.reply({ text: 'The first is done.' }, { text: 'The second is done.' })
  await app.button('Resume').click()
  await expect(app.answers).toHaveText([/^The first is done\./, /^The second is done\./])
})

test('killed while a command runs: its outcome is unknown, and it is not run again without a person', async ({ app, host, model, workspace }) => {
  const command = 'echo ran >> ran.txt; echo started; sleep 600'
  model.reply({ toolCalls: [{ name: 'run_command', arguments: { command } }] })
  await app.newSession()
  await app.say('Run')
  await app.button('Allow once').click()
  await expect(app.tool('run_command').getByRole('group', { name: 'Output so far' })).toHaveText('started')
  await host.kill()
  await host.start()
  await expect(app.tool('run_command')).toHaveAccessibleName('run_command: outcome unknown')
  await expect(app.needsYou).toHaveAccessibleName('Needs you (1)')
  model.reply({ text: 'I leave it.' })
  await app.button('Leave it').click()
  await expect(app.answers.last()).toContainText('I leave it.')
  expect(await readFile(join(workspace, 'ran.txt'), 'utf8')).toBe('ran\n')
})

test('closed in order during a turn: it can be resumed after the next start', async ({ app, host, model, page }) => {
  model.reply({ text: 'Half', hang: 'after' })
  await app.newSession()
  await app.say('Go')
  await expect(app.answers.last()).toContainText('Half')
  await host.restart()
  await expect(page.getByRole('region', { name: 'How the turn ended' })).toContainText('Trestle stopped during this turn.')
  await expect(app.answers.first()).toContainText('Half')
  model.reply({ text: 'Whole.' })
  await app.button('Resume').click()
  await expect(app.answers.last()).toContainText('Whole.')
})

test('what is done while the page is away is there when it comes back', async ({ app, api, host, page, model, workspace }) => {
  model.reply(write, { text: 'All of it is done.' })
  await app.newSession()
  await app.say('Write')
  await expect(app.button('Allow once')).toBeVisible()
  await page.goto('about:blank')
  const { body: { items: [request] } } = await api.get('/human-requests?status=open')
  await api.post(`/human-requests/${request.id}/answer`, { decision: 'once' })
  await expect.poll(() => access(join(workspace, 'one.txt')).then(() => true, () => false)).toBe(true)
  await page.goto(host.ready.url)
  await page.getByRole('navigation', { name: 'Sessions' }).getByRole('button', { name: /^(?!Actions).*Write/ }).click()
  await expect(app.answers.last()).toContainText('All of it is done.')
})

test('a message that cannot be sent stays in the composer', async ({ app, host, model, page }) => {
  await app.newSession()
  await host.kill()
  await expect(page.getByText(offline)).toBeVisible()
  await app.composer.fill('Do not lose me')
  await app.composer.press('Enter')
  await expect(page.getByRole('alert')).toContainText('Trestle cannot be reached right now.')
  await expect(app.composer).toHaveValue('Do not lose me')
  await host.start()
  await expect(page.getByText(offline)).toBeHidden()
  model.reply({ text: 'Got it.' })
  await app.say('Do not lose me')
  await expect(app.answers).toContainText('Got it.')
})
