import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { expectAccessible } from './accessible'
import { expect, test } from './fixtures'

const exists = (folder: string, path: string) => access(join(folder, path)).then(() => true, () => false)
const banner = 'Locked down: all agents and their commands were stopped'

test('the lock-down of the palette stops what runs and what waits, and holds until it is lifted in the window', async ({ app, page, model, workspace, api }) => {
  model.reply({ toolCalls: [{ name: 'run_command', arguments: { command: 'echo x > started.txt; sleep 60; echo x > late.txt' } }] })
  await app.newSession()
  await app.say('Run it')
  await app.tool('run_command').getByRole('button', { name: 'Allow once' }).click()
  await expect.poll(() => exists(workspace, 'started.txt')).toBe(true)
  await page.keyboard.press('ControlOrMeta+k')
  const palette = page.getByRole('dialog', { name: 'Commands' })
  await palette.getByRole('combobox').fill('lock down')
  await palette.getByRole('option', { name: 'Lock down: stop all agents at once' }).click()
  await expect(page.getByRole('status').filter({ hasText: banner })).toBeVisible()
  await expect(app.tool('run_command')).toHaveAccessibleName('run_command: cancelled')
  expect((await api.get('/work')).body).toMatchObject({ running: 0, waiting: 0, queued: 0, lockedAt: expect.any(Number) })
  await expectAccessible(page, 'locked down')
  await page.reload()
  await expect(page.getByRole('status').filter({ hasText: banner })).toBeVisible()
  await page.getByRole('button', { name: 'Lift the lock-down' }).click()
  await expect(page.getByRole('status').filter({ hasText: banner })).toBeHidden()
  model.reply({ text: 'At work again.' })
  await app.say('Go on')
  await expect(app.answers.last()).toContainText('At work again.')
  expect(await exists(workspace, 'late.txt')).toBe(false)
})

test('the lock-down of a script shows in the window, and nothing is taken until it is lifted', async ({ app, page, model, api }) => {
  const release = model.hold({ text: 'Too late.' })
  await app.newSession()
  await app.say('Think')
  await model.received(1)
  expect((await api.post('/work/lock-down', {})).status).toBe(200)
  await expect(page.getByRole('status').filter({ hasText: banner })).toBeVisible()
  await model.abandoned(1)
  release()
  const { body: session } = await api.post('/sessions', {})
  expect(await api.post(`/sessions/${session.id}/messages`, { text: 'More' })).toMatchObject({ status: 409, body: { code: 'CONFLICT' } })
  expect((await api.post('/work/lift', {})).status).toBe(200)
  await expect(page.getByRole('status').filter({ hasText: banner })).toBeHidden()
  model.reply({ text: 'Now.' })
  await app.say('And now?')
  await expect(app.answers.last()).toContainText('Now.')
})

const key = `ghp_${'aB3dE6gH9jK2mN5pQ8rS1tU4vW7xY0zAbCdE'}`

test('a key in a message is shown and held; left out, the agent goes on without it', async ({ app, page, model }) => {
  model.reply({ text: 'Without it, then.' })
  await app.newSession()
  await app.say(`Use ${key} to log in`)
  const card = page.getByRole('group', { name: 'Your message has what looks like a GitHub token.' })
  await expect(card.getByRole('list', { name: 'What looks like secrets' })).toHaveText('ghp_••••dE, a GitHub token, in: your message')
  await expect(card.getByRole('button')).toHaveText(['Leave out', 'Always leave out here', 'Send once'])
  expect(model.requests).toEqual([])
  await expectAccessible(page, 'secrets held')
  await card.getByRole('button', { name: 'Always leave out here' }).click()
  await expect(app.answers.last()).toContainText('Without it, then.')
  expect(JSON.stringify(model.requests)).toContain('[left out by Trestle: a GitHub token]')
  expect(JSON.stringify(model.requests)).not.toContain(key)
  await app.button('Settings').click()
  const dialog = page.getByRole('dialog', { name: 'Settings' })
  await dialog.getByRole('tab', { name: 'Secrets', exact: true }).click()
  await expect(dialog.getByRole('textbox', { name: 'Folders in which it is always left out' })).not.toHaveValue('')
  await expectAccessible(page, 'settings of secrets')
})

test('a token for a script is made, shown once, may only what it is for, and opens nothing once it is revoked', async ({ app, page, host }) => {
  await app.button('Settings').click()
  const dialog = page.getByRole('dialog', { name: 'Settings' })
  await dialog.getByRole('tab', { name: 'Access', exact: true }).click()
  const form = dialog.getByRole('form', { name: 'New token' })
  await form.getByRole('textbox', { name: 'What it is for' }).fill('Nightly report')
  await form.getByRole('button', { name: 'Make token' }).click()
  const token = await dialog.getByRole('textbox', { name: 'The new token' }).inputValue()
  const ask = async (method: string, path: string) => (await fetch(`${host.ready.api}${path}`, { method, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, ...(method === 'POST' && { body: '{}' }) })).status
  expect([await ask('GET', '/settings'), await ask('POST', '/sessions'), await ask('GET', '/access-tokens')]).toEqual([200, 403, 403])
  await expectAccessible(page, 'tokens')
  await dialog.getByRole('button', { name: 'Revoke Nightly report' }).click()
  await expect(dialog.getByText('No tokens yet.', { exact: false })).toBeVisible()
  await expect(dialog.getByRole('textbox', { name: 'The new token' })).toBeHidden()
  expect(await ask('GET', '/settings')).toBe(401)
})
