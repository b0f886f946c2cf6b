import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expectAccessible } from './accessible'
import { expect, test } from './fixtures'

test.use({ withModel: 'no key' })

const work = 'sk-work-4f1d9a77'
const personal = 'sk-private-83bb20c5'

test('two keys of a provider: one is refused, the other stands in because it may, and no value is anywhere to be read', async ({ app, page, api, model, profile }) => {
  await api.put('/settings', { defaultModel: 'openai/test-model' })
  await app.button('Settings').click()
  const dialog = page.getByRole('dialog', { name: 'Settings' })
  const card = dialog.getByRole('listitem', { name: 'OpenAI', exact: true })
  const add = async (button: string, name: string, key: string) => {
    await card.getByRole('button', { name: button }).click()
    const form = card.getByRole('form', { name: 'New key of OpenAI' })
    await form.getByRole('textbox', { name: 'Name' }).fill(name)
    await form.getByLabel('Key', { exact: true }).fill(key)
    await form.getByRole('button', { name: 'Save and test' }).click()
    await expect(form).toBeHidden()
  }
  await add('Set key', 'Work', work)
  await add('Add another key', 'Private', personal)
  const row = (name: string) => card.getByRole('listitem', { name, exact: true })
  await expect(row('Work')).toContainText('used by default')
  const standsIn = row('Private').getByRole('checkbox', { name: 'May be used when another key is refused or limited' })
  await standsIn.click()
  await expect(standsIn).toBeChecked()
  await expectAccessible(page, 'keys of a provider')
  await page.keyboard.press('Escape')
  model.reply({ status: 401, error: 'bad key' }, { text: 'Hello from the other key.' })
  await app.newSession()
  await app.say('Hello')
  await expect(app.answers.last()).toContainText('Hello from the other key.')
  expect(model.requests.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${work}`, `Bearer ${personal}`])
  await expect(page.getByText(/OpenAI refused the key “Work”\. “Private” is used instead/)).toBeVisible()
  await app.button('Settings').click()
  await expect(row('Work')).toContainText('was refused')
  await row('Work').getByRole('button', { name: 'Change Work' }).click()
  const form = card.getByRole('form', { name: 'Change Work' })
  await form.getByRole('textbox', { name: 'Name' }).fill('Work 2')
  await form.getByRole('button', { name: 'Save and test' }).click()
  await expect(row('Work 2')).toBeVisible()
  await card.getByRole('combobox', { name: 'Key of OpenAI by default' }).selectOption('Private')
  await expect(row('Private')).toContainText('used by default')
  await row('Work 2').getByRole('button', { name: 'Remove Work 2' }).click()
  await row('Work 2').getByRole('button', { name: 'Remove Work 2 for good' }).click()
  await expect(row('Work 2')).toBeHidden()
  await expect(row('Private')).toBeVisible()
  const files = (await readdir(profile, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
  const kept = await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'latin1')))
  const told = [await page.content(), JSON.stringify([(await api.get('/providers')).body, (await api.get('/audit')).body]), ...kept].join('\n')
  expect(told).toContain('Work 2')
  expect(told).not.toMatch(new RegExp(`${work}|${personal}`))
})
