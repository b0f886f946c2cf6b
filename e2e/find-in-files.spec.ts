import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createFolderView } from './files'
import { expect, test } from './fixtures'

test.beforeEach(async ({ workspace }) => {
  await mkdir(join(workspace, 'src'))
  await writeFile(join(workspace, 'src', 'a.ts'), 'const harbour = 1\nconst Harbour = harbour\n')
  await writeFile(join(workspace, 'src', 'b.md'), 'A harbour.\n')
})

test('words are found in the folder, opened, replaced after a look, and put back', async ({ page, workspace }) => {
  const files = createFolderView(page)
  await expect(page.getByText(/^Ready to work in/)).toBeVisible()
  await page.keyboard.press('Control+Shift+L')
  const field = page.getByRole('searchbox', { name: 'Search for' })
  await expect(field).toBeFocused()
  await field.fill('harbour')
  const results = page.getByRole('tree', { name: 'Matches' })
  await expect(page.getByText('4 in 2 files')).toBeVisible()
  await page.getByRole('button', { name: 'Match case' }).click()
  await expect(page.getByText('3 in 2 files')).toBeVisible()
  await results.getByRole('treeitem', { name: 'Line 1: A harbour.' }).click()
  await expect(files.tab(/src\/b\.md/)).toBeVisible()

  await page.getByRole('button', { name: 'Replace', exact: true }).click()
  await page.getByRole('textbox', { name: 'Replace with' }).fill('port')
  await results.getByRole('treeitem', { name: /^Line 2/ }).click()
  await results.press('Delete')
  await expect(results.getByRole('treeitem', { name: /^Line 2.*left out$/ })).toBeVisible()
  await page.getByRole('button', { name: 'Preview', exact: true }).first().click()
  const preview = page.getByRole('dialog', { name: /^Preview/ })
  await expect(preview.getByText('const port = 1').first()).toBeVisible()
  await preview.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('button', { name: 'Replace 2' }).click()
  await expect(page.getByText('Replaced 2 in 2 files.')).toBeVisible()
  await expect(page.getByText('1 in 1 file')).toBeVisible()
  expect([await readFile(join(workspace, 'src', 'a.ts'), 'utf8'), await readFile(join(workspace, 'src', 'b.md'), 'utf8')]).toEqual(['const port = 1\nconst Harbour = harbour\n', 'A port.\n'])
  await expect(files.editor.getByText('const port = 1')).toBeVisible()

  await page.getByRole('region', { name: 'Notifications' }).getByRole('button', { name: 'Undo' }).click()
  await expect.poll(() => readFile(join(workspace, 'src', 'b.md'), 'utf8')).toBe('A harbour.\n')
  expect(await readFile(join(workspace, 'src', 'a.ts'), 'utf8')).toBe('const harbour = 1\nconst Harbour = harbour\n')
})

test('a bad expression is told in words, and filters narrow the search', async ({ page }) => {
  await page.getByRole('tab', { name: 'Search', exact: true }).click()
  const field = page.getByRole('searchbox', { name: 'Search for' })
  await page.getByRole('button', { name: 'Regular expression' }).click()
  await field.fill('(')
  await expect(page.getByRole('alert')).toContainText('Bad pattern')
  await field.fill('h.rbour')
  await page.getByRole('button', { name: 'Filters' }).click()
  await page.getByRole('textbox', { name: 'Only in' }).fill('*.md')
  await expect(page.getByText('1 in 1 file')).toBeVisible()
})

test('what an expression makes of each match is in the list', async ({ page }) => {
  await page.getByRole('tab', { name: 'Search', exact: true }).click()
  await page.getByRole('button', { name: 'Regular expression' }).click()
  await page.getByRole('searchbox', { name: 'Search for' }).fill('const (\\w+) = (1)')
  await page.getByRole('button', { name: 'Replace', exact: true }).click()
  await page.getByRole('textbox', { name: 'Replace with' }).fill('let $1 = -$2')
  await expect(page.getByRole('treeitem', { name: 'Line 1: const harbour = 1' }).getByText('let harbour = -1')).toBeVisible()
})
