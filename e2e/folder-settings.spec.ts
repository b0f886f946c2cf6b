import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from './fixtures'

test('a trusted folder says what agents may at most do in it; while its file is wrong no agent works there', async ({ app, page, model, api, workspace }) => {
  const file = join(workspace, '.trestle', 'settings.json')
  await mkdir(join(workspace, '.trestle'))
  await writeFile(file, '{\n  // for all of us\n  "mode": "plan",\n  "limits": { "maxSteps": 5 },\n  "web": { "allowedHosts": ["*"] }\n}\n')
  await api.put('/settings', { defaultMode: 'auto-edit' })
  await app.button('Settings').click()
  const dialog = page.getByRole('dialog', { name: 'Settings' })
  await dialog.getByRole('tab', { name: 'Folders and trust' }).click()
  await expect(dialog.getByText('At most the mode Plan: reading only')).toBeVisible()
  await expect(dialog.getByText('At most 5 steps of a turn')).toBeVisible()
  await expect(dialog.getByText('Not looked at, since a folder may not set it: web')).toBeVisible()
  await page.keyboard.press('Escape')
  model.reply({ toolCalls: [{ name: 'write_file', arguments: { path: 'new.txt', content: 'x' } }] }, { text: 'It was refused.' })
  await app.newSession()
  await app.say('Write a file')
  await expect(app.answers.last()).toContainText('It was refused.')
  await writeFile(file, '{ "mode": "everything" }')
  await app.say('And now?')
  await expect(page.getByRole('region', { name: 'How the turn ended' })).toContainText('.trestle/settings.json of this folder is wrong, line 1')
})
