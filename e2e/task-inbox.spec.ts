import { expectAccessible } from './accessible'
import { expect, test } from './fixtures'

test('what waits is told with what each answer leads to, and several are answered at once', async ({ app, page, api, model }) => {
  await api.post('/work/pause', {})
  const make = async (title: string, more: object = {}) => (await api.post('/tasks', { title, instruction: `Do this: ${title}`, ...more })).body.id
  model.reply({ text: 'Counted.' }, { text: 'Painted.' })
  const ids = [await make('Count the ships', { review: true }), await make('Paint the hull', { review: true })]
  await make('Write to the harbour master', { dependsOn: [ids[0]], start: 'backlog' })
  await expect(app.status).toContainText('Connected')
  await page.keyboard.press('Control+Shift+b')
  await expect(page.getByRole('button', { name: 'Count the ships', exact: true })).toBeVisible()
  await api.post('/work/resume', {})
  await expect(app.needsYou).toHaveText('Needs you (2)')
  await app.needsYou.click()
  const inbox = page.getByRole('region', { name: 'Tasks', exact: true })
  await expect(inbox.getByText('Accepted, it counts as done and 1 task that waits for it may start.')).toBeVisible()
  await expectAccessible(page, 'inbox of tasks')
  await inbox.getByRole('checkbox', { name: 'Select all' }).check()
  await inbox.getByRole('toolbar', { name: 'Answer for the selected' }).getByRole('button', { name: 'Accept (2)' }).click()
  await expect(app.needsYou).toHaveText('Needs you (0)')
  for (const id of ids) await expect.poll(async () => (await api.get(`/tasks/${id}`)).body.state).toBe('done')
})
