import { expect } from '../fixtures'
import { seedMemory } from '../seed-memory'
import { lookAt, test } from './look'

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, reducedMotion: 'reduce' })

    test('the memory looks as it did', async ({ app, api, model, page }) => {
      test.setTimeout(240_000)
      const look = lookAt(page, colorScheme)
      await seedMemory(api)
      await app.newSession()
      model.reply({ toolCalls: [{ name: 'read_file', arguments: { path: 'README.md' } }] }, { toolCalls: [{ name: 'remember', arguments: { kind: 'user', scope: 'user', text: 'The user likes waves.' } }] }, { text: 'It listens on port 3000.' })
      await app.say('Which port has the harbour server?')
      await expect(app.answers.last()).toContainText('on port 3000.')
      await app.answers.last().getByRole('button', { name: /^Used in this answer/ }).click()
      await expect(page.getByRole('list', { name: 'Used in this answer' })).toContainText('port 3000')
      await look('memory-used')
      await page.evaluate(() => window.location.assign('#/memory'))
      const table = page.getByRole('table', { name: 'Memory' })
      await expect(table).toContainText('The build fails')
      await page.getByRole('button', { name: 'Filters' }).click()
      await look('memory')
      await page.getByRole('button', { name: 'Filters' }).click()
      await table.getByRole('button', { name: /The build fails/ }).click()
      await expect(page.getByRole('region', { name: 'Solution' })).toBeVisible()
      await look('memory-item')
      await page.getByRole('button', { name: 'Close the item' }).click()
      await page.getByRole('tab', { name: 'Graph' }).click()
      await look('memory-graph')
      await page.getByRole('tab', { name: 'Knowledge' }).click()
      await expect(page.getByRole('button', { name: /^Harbour server/ })).toBeVisible()
      await look('knowledge')
      await page.getByRole('button', { name: /^Harbour server/ }).click()
      await expect(page.getByRole('complementary', { name: 'Thing' })).toContainText('also called harbord')
      await look('knowledge-thing')
      await page.getByRole('button', { name: 'Close the thing' }).click()
      await page.getByRole('button', { name: 'As a list' }).click()
      await look('knowledge-list')
      await page.getByRole('tab', { name: 'Review (1)' }).click()
      await expect(page.getByRole('group', { name: /^Proposed/ })).toBeVisible()
      await look('memory-review')
    })
  })
}
