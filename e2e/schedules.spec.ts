import { expectAccessible } from './accessible'
import { expect, test } from './fixtures'

test('a schedule is made with a pattern that is told in words, and is paused and asked about', async ({ page, api }) => {
  await page.getByRole('link', { name: 'Schedules' }).click()
  await page.getByRole('main').getByRole('button', { name: 'New task' }).click()
  const dialog = page.getByRole('dialog', { name: 'New task' })
  await dialog.getByRole('textbox', { name: 'What is to be done' }).fill('Count the ships')
  await dialog.getByText('When', { exact: true }).click()
  await dialog.getByRole('combobox', { name: 'How often' }).selectOption('By a pattern')
  await dialog.getByRole('textbox', { name: 'Pattern' }).fill('30 8 * * *')
  await expect(dialog.getByRole('status').filter({ hasText: '8:30' }).getByRole('listitem')).toHaveCount(10)
  await dialog.getByRole('button', { name: 'Make the task' }).click()
  await expect(dialog).toBeHidden()
  await page.getByRole('table', { name: 'Schedules' }).getByRole('button', { name: 'Count the ships' }).click()
  const detail = page.getByRole('complementary', { name: 'Schedule: Count the ships' })
  await expect(detail.getByRole('region', { name: 'Next runs' }).getByRole('listitem')).toHaveCount(10)
  if (await detail.getByRole('button', { name: 'Go on' }).isVisible()) await detail.getByRole('button', { name: 'Go on' }).click()
  await detail.getByRole('textbox', { name: 'Why it is paused' }).fill('Holidays')
  await detail.getByRole('button', { name: 'Pause' }).click()
  await expect(detail.getByText('Paused: Holidays')).toBeVisible()
  await detail.getByLabel('Why did it not run at…').fill('2026-01-01T08:30')
  await detail.getByRole('button', { name: 'Ask', exact: true }).click()
  await expect(detail.getByRole('status').last()).toContainText(/\w+/)
  const { body } = await api.get('/schedules')
  expect(body.items).toMatchObject([{ title: 'Count the ships', pausedReason: 'Holidays' }])
})

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme })
    test('the schedules are accessible', async ({ page, api }, info) => {
      const when = { kind: 'scheduled', cron: '0 9 * * 1', timeZone: 'Europe/Berlin' }
      const { status, body } = await api.post('/tasks', { title: 'Weekly report', instruction: 'Write it', when })
      expect(status).toBe(201)
      await page.goto(`${page.url().replace(/#.*/, '')}#/schedules/${body.id}`)
      await expect(page.getByRole('region', { name: 'Next runs' }).getByRole('listitem')).toHaveCount(10)
      await page.screenshot({ path: `${info.project.outputDir}/looks/schedules-${colorScheme}.png` })
      await expectAccessible(page, 'schedules')
    })
  })
}
