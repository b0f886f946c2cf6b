import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator } from '@playwright/test'
import type { Api } from '../api'
import type { App } from '../app'
import { expect } from '../fixtures'
import { lookAt, type Model, test } from './look'

const unfold = async (row: Locator) => {
  await row.waitFor()
  if (await row.getAttribute('aria-expanded') !== 'true') await row.click()
}

const ships = (...names: string[]): string => `export const ships = [${names.map((name) => `'${name}'`).join(', ')}]\n`
const write = (path: string, content: string) => ({ toolCalls: [{ name: 'write_file', arguments: { path, content } }] })

/** Two turns that changed something, a named checkpoint, and an edit of the person's own. */
async function prepare({ app, api, model, workspace }: { app: App; api: Api; model: Model; workspace: string }) {
  await api.put('/settings', { defaultMode: 'auto-edit' })
  await app.newSession()
  model.reply(write('src/ships.ts', ships('Alba', 'Brise', 'Corvo')), { text: 'The Corvo is in the list.' })
  await app.say('Add the Corvo')
  await expect(app.answers.last()).toContainText('in the list')
  model.reply(write('src/berths.ts', 'export const berths = 12\n'), { text: 'The harbour has twelve berths.' })
  await app.say('Count the berths')
  await expect(app.answers.last()).toContainText('twelve berths')
  await app.say('/checkpoint before the storm')
  await app.button('Dismiss').click()
  await writeFile(join(workspace, 'src', 'berths.ts'), 'export const berths = 14\n')
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, reducedMotion: 'reduce' })

    test('checkpoints look as they did', async ({ app, api, model, page, workspace }) => {
      test.setTimeout(240_000)
      const look = lookAt(page, colorScheme)
      await prepare({ app, api, model, workspace })
      const timeline = page.getByRole('region', { name: 'Timeline' })
      const first = timeline.getByRole('button').filter({ hasText: 'Before a turn' }).last()
      await page.getByRole('tab', { name: 'Timeline' }).click()
      await expect(timeline.getByRole('button').filter({ hasText: 'before the storm' }).first()).toBeVisible()
      await look('timeline', 'Timeline')
      await timeline.getByRole('button', { name: 'As a graph' }).click()
      await look('timeline-graph', 'Timeline')
      await timeline.getByRole('button', { name: 'As a list' }).click()
      await unfold(first)
      await page.getByRole('button', { name: 'Compare with now' }).click()
      await page.getByRole('list', { name: 'Changed files' }).getByRole('button', { name: /ships\.ts/ }).click()
      await expect(page.locator('.monaco-diff-editor .view-line').filter({ hasText: 'Corvo' }).first()).toBeVisible()
      await look('compare')
      await page.getByRole('button', { name: 'Back to the conversation' }).click()
      await page.getByRole('tab', { name: 'Timeline' }).click()
      await unfold(first)
      await page.getByRole('button', { name: 'Restore…' }).click()
      const restore = page.getByRole('dialog', { name: /^Go back to/ })
      await restore.getByRole('button', { name: /ships\.ts/ }).click()
      await expect(restore.getByRole('checkbox', { name: /^Hunk 1/ })).toBeVisible()
      await look('restore')
      await page.keyboard.press('Escape')
      // In the narrow window the timeline was folded away.
      await page.getByRole('tab', { name: 'Timeline' }).click()
      await unfold(first)
      await page.getByRole('button', { name: 'Branch…' }).click()
      const branch = page.getByRole('dialog', { name: /^Branch from/ })
      await branch.getByRole('textbox', { name: 'Name', exact: true }).fill('Another way')
      await look('branch')
      model.reply(write('src/ships.ts', ships('Alba', 'Brise', 'Delfin')), { text: 'The Delfin is in the list.' })
      await branch.getByRole('button', { name: 'Create and send' }).click()
      await expect(app.answers.last()).toContainText('The Delfin')
      await page.getByRole('region', { name: 'Scratch copy' }).getByRole('button', { name: 'Compare' }).click()
      await page.getByRole('list', { name: 'Changed files' }).getByRole('button', { name: /ships\.ts/ }).click()
      await expect(page.locator('.monaco-diff-editor .view-line').filter({ hasText: 'Delfin' }).first()).toBeVisible()
      await look('compare-branches')
    })
  })
}
