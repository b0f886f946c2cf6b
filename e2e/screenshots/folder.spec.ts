import { expect } from '../fixtures'
import { createFolderView } from '../files'
import { lookAt, test } from './look'

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, reducedMotion: 'reduce' })

    test('the work in a folder looks as it did', async ({ app, api, model, page }) => {
      test.setTimeout(240_000)
      const look = lookAt(page, colorScheme)
      await api.put('/settings', { defaultMode: 'auto-edit' })
      await app.newSession()
      model.reply(
        { toolCalls: [{ name: 'write_file', arguments: { path: 'src/ships.ts', content: "export const ships = ['Alba', 'Brise', 'Corvo']\n" } }] },
        { text: 'The Corvo is in the list.' },
      )
      await app.say('Add the Corvo')
      await expect(app.answers.last()).toContainText('in the list')
      await page.getByRole('tab', { name: 'Changes' }).click()
      await expect(page.getByRole('button', { name: /ships\.ts/ }).first()).toBeVisible()
      await look('changes', 'Changes')
      await page.getByRole('tab', { name: 'Context', exact: true }).click()
      await look('context', 'Context')
      await page.getByRole('tab', { name: 'Run', exact: true }).click()
      await look('run', 'Run')
      const files = createFolderView(page)
      await files.show()
      await files.item('src').click()
      await files.open('ships.ts')
      await look('editor')
      await page.keyboard.press('Control+`')
      const terminal = page.getByRole('region', { name: 'Terminal' })
      await expect(terminal.getByRole('textbox', { name: 'Terminal 1' })).toBeFocused()
      await page.keyboard.type("PS1='harbour $ '; clear; wc -l README.md src/*\n")
      await expect(terminal.getByText('total')).toBeVisible()
      await look('terminal')
      await page.keyboard.press('Control+`')
      await expect(terminal).toBeHidden()
      await page.keyboard.press('Control+p')
      await page.getByRole('combobox', { name: 'Go to file' }).fill('shi')
      await expect(page.getByRole('option').first()).toBeVisible()
      await look('quick-open')
      await page.keyboard.press('Escape')
      await page.keyboard.press('Control+Shift+L')
      await page.getByRole('searchbox', { name: 'Search for' }).fill('ships')
      await expect(page.getByRole('tree', { name: 'Matches' })).toBeVisible()
      await page.getByRole('button', { name: 'Replace', exact: true }).click()
      await look('search')
    })
  })
}
