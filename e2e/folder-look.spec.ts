import AxeBuilder from '@axe-core/playwright'
import type { Page, TestInfo } from '@playwright/test'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createFolderView } from './files'
import { expect, test } from './fixtures'

test.describe.configure({ mode: 'parallel' })

test.beforeEach(async ({ workspace }) => {
  await mkdir(join(workspace, 'src'))
  await writeFile(join(workspace, 'src', 'greet.ts'), '/** Says hello. */\nexport function greet(name: string): string {\n  return `Hello, ${name}` // 1\n}\n')
  await writeFile(join(workspace, 'data.bin'), Buffer.from([0, 1, 2]))
})

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme })

    test('the folder, its files, a conflict, a search and a terminal fit and are accessible', async ({ page, workspace }, info) => {
      const look = lookAt(page, info, colorScheme)
      const files = createFolderView(page)
      await files.show()
      await files.item('src').click()
      await files.open('greet.ts')
      await look('editor')
      await files.type('// mine\n')
      await expect(files.tab(/greet\.ts, not saved/)).toBeVisible()
      await writeFile(join(workspace, 'src', 'greet.ts'), 'export const greeting = 1\n')
      await page.getByRole('button', { name: 'Compare and merge' }).click()
      await expect(files.editor.getByText('greeting').first()).toBeVisible()
      await look('conflict')
      await page.getByRole('button', { name: 'Take theirs' }).click()
      await files.item('data.bin').click()
      await look('binary')
      await page.keyboard.press('Control+p')
      await page.getByRole('combobox', { name: 'Go to file' }).fill('gre')
      await expect(page.getByRole('option').first()).toBeVisible()
      await look('quick open')
      await page.keyboard.press('Escape')
      await page.keyboard.press('Control+Shift+L')
      await page.getByRole('searchbox', { name: 'Search for' }).fill('hello')
      await expect(page.getByText('1 in 1 file')).toBeVisible()
      await page.getByRole('button', { name: 'Replace', exact: true }).click()
      await page.keyboard.press('Control+`')
      await expect(page.getByRole('region', { name: 'Terminal' }).getByRole('textbox', { name: 'Terminal 1' })).toBeFocused()
      await page.keyboard.type('printf "\\033[31mred \\033[32mgreen \\033[33myellow \\033[34mblue\\033[0m\\n"\n')
      await expect(page.getByRole('region', { name: 'Terminal' }).getByText('blue', { exact: true })).toBeVisible()
      await look('search and terminal')
    })
  })
}

function lookAt(page: Page, info: TestInfo, theme: string) {
  return async (name: string) => {
    for (const width of [900, 1280]) {
      await page.setViewportSize({ width, height: 800 })
      const file = `folder ${name} ${width} ${theme}.png`.replaceAll(' ', '-')
      await page.screenshot({ path: join(info.project.outputDir, 'looks', file) })
      expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), `${name} scrolls sideways`).toBe(0)
    }
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`) })), name).toEqual([])
  }
}
