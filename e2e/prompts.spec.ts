import { expectAccessible } from './accessible'
import { expect, test } from './fixtures'

test.describe.configure({ mode: 'parallel' })

test('prompts wait in the queue, are changed, and worked through once it is started', async ({ app, page, model }) => {
  await app.newSession()
  const queue = page.getByRole('region', { name: 'Prompt queue' })
  const waiting = queue.getByRole('list', { name: 'Prompts that wait' }).getByRole('listitem')
  for (const text of ['/queue add Read the plan', '/queue add Do something else', '/queue add Tell me more']) {
    await app.composer.fill(text)
    await app.composer.press('Enter')
    await expect(app.composer).toHaveValue('')
  }
  await expect(waiting).toHaveCount(3)
  await expect(queue.getByRole('status')).toHaveText('Stopped, 3 to come')
  await app.composer.fill('/queue remove 2')
  await app.composer.press('Enter')
  await expect(waiting).toHaveCount(2)
  await queue.getByRole('button', { name: 'Edit queued message: Read the plan' }).click()
  await queue.getByRole('textbox', { name: 'Queued message' }).fill('Read the whole plan')
  await queue.getByRole('button', { name: 'Save' }).click()
  await queue.getByRole('button', { name: 'Send sooner: Tell me more' }).click()
  await expect(waiting.first()).toContainText('Tell me more')
  await expectAccessible(page, 'The prompt queue')
  await page.reload()
  await expect(waiting).toHaveCount(2)
  model.reply({ text: 'More of it.' }, { text: 'I have read it.' })
  await queue.getByRole('button', { name: 'Start queue' }).click()
  await expect(app.answers).toHaveText([/More of it/, /I have read it/])
  await expect(queue).toBeHidden()
})

test('a prompt that fails stops the queue and says why; the conversation goes back before it when asked for', async ({ app, page, model }) => {
  await app.newSession()
  const queue = page.getByRole('region', { name: 'Prompt queue' })
  for (const text of ['/queue add Read the plan', '/queue add Tell me more', '/queue go-back on']) {
    await app.composer.fill(text)
    await app.composer.press('Enter')
    await expect(app.composer).toHaveValue('')
  }
  await expect(queue.getByRole('checkbox', { name: 'and go back before it' })).toBeChecked()
  model.reply({ status: 400, error: 'I will not.' }, { text: 'There is more.' })
  await app.composer.fill('/queue start')
  await app.composer.press('Enter')
  await expect(queue).toContainText('“Read the plan” failed.')
  await expect(queue.getByRole('status')).toHaveText('Stopped, 1 to come')
  await expect(page.getByText('Nothing said yet')).toBeVisible()
  await queue.getByRole('button', { name: 'Start queue' }).click()
  await expect(app.answers).toHaveText(/There is more/)
  await expect(queue).toBeHidden()
})
