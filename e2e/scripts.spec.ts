import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expectAccessible } from './accessible'
import { expect, test } from './fixtures'

test('a script notes and writes: a person sees each call before it changes a file, and afterwards what all of them did', async ({ app, page, model, workspace }) => {
  const script = `const said = await addMemory('The harbour opens at six in the morning.')
try { await createFile('no.md', 'no') } catch (error) { console.log(error.message) }
await createFile('hours.md', 'six\\n')
return said`
  model.reply({ toolCalls: [{ name: 'run_script', arguments: { purpose: 'note the hours', script } }] }, { text: 'Both are noted.' })
  await app.newSession()
  await app.say('Note when the harbour opens')
  const row = app.tool('run_script')
  await expect(row.getByRole('heading')).toHaveText('Create no.md (1 line)')
  await expect(row.getByLabel('Changes of no.md', { exact: true })).toContainText('added: no')
  await row.getByRole('button', { name: 'Reject', exact: true }).click()
  await row.getByRole('button', { name: 'Reject', exact: true }).click()
  await expect(row.getByRole('heading')).toHaveText('Create hours.md (1 line)')
  await row.getByRole('button', { name: 'Allow once' }).click()
  await expect(app.answers.last()).toContainText('Both are noted.')
  await expect(row).toHaveAccessibleName('run_script: success')
  await row.getByRole('button', { name: /^run_script/ }).click()
  const calls = row.getByRole('list', { name: 'Calls of the script' }).getByRole('listitem')
  await expect(calls).toHaveCount(3)
  await expect(calls.nth(0)).toContainText(/addMemory.*success/)
  await expect(calls.nth(1)).toContainText('The user rejected this call.')
  await expect(calls.nth(2)).toContainText(/createFile.*hours\.md.*success/)
  await expect(row.getByRole('list', { name: 'Remembered' })).toContainText('The harbour opens at six in the morning.')
  await expect(row).toContainText('Added memory: The harbour opens at six in the morning....')
  await expectAccessible(page, 'calls of a script')
  await page.emulateMedia({ colorScheme: 'dark' })
  await expectAccessible(page, 'calls of a script in the dark')
  expect(await readFile(join(workspace, 'hours.md'), 'utf8')).toBe('six\n')
  await expect(access(join(workspace, 'no.md'))).rejects.toThrow()
})
