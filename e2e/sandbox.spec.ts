import { access, mkdir, readdir, readFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from './fixtures'

test.skip(!existsSync('/usr/bin/bwrap'), 'needs bubblewrap')

const command = (text: string, more: Record<string, unknown> = {}) => ({ toolCalls: [{ name: 'run_command', arguments: { command: text, ...more } }] })
const exists = (folder: string, path: string) => access(join(folder, path)).then(() => true, () => false)

test('the card says what the sandbox lets a command do; allowed for the session, the next one runs', async ({ app, model, workspace }) => {
  model.reply(command('echo one > one.txt'), command('echo two > two.txt'), { text: 'Done.' })
  await app.newSession()
  await app.say('Run them')
  const row = app.tool('run_command').first()
  await expect(row).toContainText('In the sandbox')
  await expect(row).toContainText('No network.')
  await row.getByRole('button', { name: 'Allow for this session' }).click()
  await expect(app.answers.last()).toContainText('Done.')
  expect([await exists(workspace, 'one.txt'), await exists(workspace, 'two.txt')]).toEqual([true, true])
})

test('sandboxed auto runs commands inside, and asks for what leaves', async ({ app, model, workspace }) => {
  await mkdir(join(workspace, '.git/hooks'), { recursive: true })
  model.reply(
    command('echo in > in.txt; echo evil > .git/hooks/pre-commit; mkdir -p .idea; echo evil > .idea/run.xml; echo out > "$HOME/trestle-canary"'),
    command('curl -s https://example.com', { hosts: ['example.com'] }),
    { text: 'Done.' },
  )
  await app.newSession()
  await app.choose('Mode', 'Sandboxed auto')
  await app.say('Go on')
  const last = app.tool('run_command').last()
  await expect(last).toContainText('Network: example.com.')
  expect(await readFile(join(workspace, 'in.txt'), 'utf8')).toBe('in\n')
  expect([await readdir(join(workspace, '.git/hooks')), await exists(workspace, '.idea'), existsSync(join(process.env['HOME'] ?? '/root', 'trestle-canary'))]).toEqual([[], false, false])
  expect(JSON.stringify(model.requests[1]?.body['messages'])).toContain('it made .idea, which other programs would run; moved to the bin')
  await expect(last.getByRole('button').filter({ hasNotText: 'run_command' })).toHaveText(['Allow once', 'Allow for this session', 'Always allow here', 'Reject'])
  await last.getByRole('button', { name: 'Reject', exact: true }).click()
  await last.getByRole('button', { name: 'Reject', exact: true }).click()
  await expect(app.answers.last()).toContainText('Done.')
})
