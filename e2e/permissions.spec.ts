import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { expectAccessible } from './accessible'
import { expect, test } from './fixtures'

const exists = (folder: string, path: string) => access(join(folder, path)).then(() => true, () => false)

test('a rule is made, tried out, and counts for the next call', async ({ app, page, model, workspace }) => {
  await expect(app.status).toContainText('Connected')
  await app.button('Settings').click()
  const dialog = page.getByRole('dialog', { name: 'Settings' })
  await dialog.getByRole('tab', { name: 'Permissions', exact: true }).click()
  await expect(dialog.getByText('No rules yet')).toBeVisible()
  const what = dialog.getByRole('region', { name: 'What would happen if…' })
  await what.getByRole('combobox', { name: 'An agent wants to' }).selectOption({ label: 'Write a file' })
  await what.getByRole('combobox', { name: 'In mode' }).selectOption({ label: 'Auto-edit' })
  await what.getByRole('textbox', { name: 'Path' }).fill('docs/a.md')
  await expect(what.getByRole('status')).toContainText('It would run without asking.')
  const form = dialog.getByRole('form', { name: 'New rule' })
  await form.getByRole('combobox', { name: 'What' }).selectOption({ label: 'Changes of files' })
  await form.getByRole('combobox', { name: 'When' }).selectOption({ label: 'The path' })
  await form.getByRole('combobox', { name: 'How', exact: true }).selectOption({ label: 'starts with' })
  await form.getByRole('textbox', { name: 'Text' }).fill('docs/')
  await form.getByRole('button', { name: 'Add rule' }).click()
  const rules = dialog.getByRole('list', { name: 'Rules' }).getByRole('listitem')
  await expect(rules).toHaveCount(1)
  await expect(rules).toContainText('never allow changes of files when path starts with “docs/”')
  await expect(what.getByRole('status')).toContainText('It would be refused.Your rule: never allow changes of files')
  await expectAccessible(page, 'permissions')
  await page.keyboard.press('Escape')
  model.reply({ toolCalls: [{ name: 'write_file', arguments: { path: 'docs/a.md', content: 'x' } }] }, { text: 'It is not allowed.' })
  await app.newSession()
  await app.choose('Mode', 'Auto-edit')
  await app.say('Write it')
  await expect(app.answers.last()).toContainText('It is not allowed.')
  await expect(app.tool('write_file')).toHaveAccessibleName('write_file: denied')
  expect(await exists(workspace, 'docs/a.md')).toBe(false)
})
