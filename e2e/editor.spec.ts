import type { Page } from '@playwright/test'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createFolderView, type FolderView } from './files'
import { expect, test } from './fixtures'
import { slowWire } from './slow-wire'

test.describe.configure({ mode: 'parallel' })

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')

test('a file is changed and saved with its line ends, mark and mode', async ({ page, workspace }) => {
  const path = join(workspace, 'win.txt')
  await writeFile(path, '\uFEFFone\r\ntwo\r\n', { mode: 0o755 })
  const files = createFolderView(page)
  await files.show()
  await files.open('win.txt')
  await files.type('zero\n')
  await expect(files.tab('win.txt, not saved')).toBeVisible()
  await page.keyboard.press('Control+s')
  await expect(files.tab('win.txt, not saved')).toBeHidden()
  expect(await readFile(path, 'utf8')).toBe('\uFEFFzero\r\none\r\ntwo\r\n')
  expect((await stat(path)).mode & 0o777).toBe(0o755)
})

test('a look at a file makes place for the next; what is changed stays', async ({ page, workspace }) => {
  await writeFile(join(workspace, 'b.txt'), 'b\n')
  await writeFile(join(workspace, 'c.txt'), 'c\n')
  const files = createFolderView(page)
  await files.show()
  await files.item('README.md').click()
  await expect(files.tab('README.md')).toBeVisible()
  await files.item('b.txt').click()
  await expect(files.tab('README.md')).toBeHidden()
  await expect(files.editor.getByText('b', { exact: true })).toBeVisible()
  await files.type('x')
  await files.item('c.txt').click()
  await expect(files.tab('b.txt, not saved')).toBeVisible()
  await expect(files.tab('c.txt')).toBeVisible()
  await files.tab('b.txt, not saved').press('Delete')
  await expect(page.getByRole('alertdialog', { name: 'Save b.txt?' })).toBeVisible()
  await page.getByRole('button', { name: 'Discard the changes' }).click()
  await expect(files.tab('b.txt, not saved')).toBeHidden()
  expect(await readFile(join(workspace, 'b.txt'), 'utf8')).toBe('b\n')
})

test('what an agent or another program writes appears at once', async ({ page, workspace }) => {
  const files = createFolderView(page)
  await files.show()
  await files.open('README.md')
  await expect(files.editor.getByText('Hello.')).toBeVisible()
  await writeFile(join(workspace, 'README.md'), '# A test\n\nAhoy.\n')
  await expect(files.editor.getByText('Ahoy.')).toBeVisible()
})

test('unsaved text meets another text on disk: compare, merge, keep mine', async ({ page, workspace }) => {
  const files = await meetAnotherText(page, workspace)
  await page.keyboard.press('Control+s')
  expect(await readFile(join(workspace, 'README.md'), 'utf8')).toBe('theirs\n')
  await page.getByRole('button', { name: 'Compare and merge' }).click()
  await expect(files.editor.getByText('theirs', { exact: true })).toBeVisible()
  const mine = files.editor.getByRole('textbox', { name: 'Mine, can be changed' })
  await mine.focus()
  await page.keyboard.press('Control+Home')
  await page.keyboard.type('merged ')
  await page.getByRole('button', { name: 'Keep mine' }).click()
  await page.keyboard.press('Control+s')
  await expect.poll(() => readFile(join(workspace, 'README.md'), 'utf8')).toBe('merged mine # A test\n\nHello.\n')
})

test('a file that changes while it is saved keeps what the other program wrote, and the typed text stays', async ({ page, workspace }) => {
  const wire = await slowWire(page)
  await page.reload()
  const files = createFolderView(page)
  await files.show()
  await files.open('README.md')
  await files.type('mine ')
  await expect(files.tab('README.md, not saved')).toBeVisible()
  // The window does not hear of the change before it saves.
  wire.hold()
  await writeFile(join(workspace, 'README.md'), 'theirs\n')
  await page.keyboard.press('Control+s')
  await expect.poll(() => wire.held()).toBeGreaterThan(0)
  wire.release()
  await expect(page.getByText('This file was changed on disk')).toBeVisible()
  await expect(files.tab('README.md, not saved')).toBeVisible()
  await expect(files.editor.getByText('mine # A test')).toBeVisible()
  expect(await readFile(join(workspace, 'README.md'), 'utf8')).toBe('theirs\n')
})

test('what is selected goes with the message, with its lines', async ({ app, page, model }) => {
  await app.newSession()
  const files = createFolderView(page)
  await files.show()
  await files.open('README.md')
  await files.text.focus()
  await page.keyboard.press('Control+End')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Shift+End')
  await page.getByRole('button', { name: 'Add selection' }).click()
  await expect(page.getByRole('list', { name: 'Goes with the message' })).toContainText('README.md')
  await expect(page.getByRole('list', { name: 'Goes with the message' })).toContainText('3')
  await expect(app.composer).toBeFocused()
  model.reply({ text: 'A greeting.' })
  await app.say('What is this?')
  await expect(app.answers).toHaveText(/A greeting/)
  const sent = JSON.stringify(model.requests[0]?.body)
  expect(sent).toContain('Hello.')
  expect(sent).not.toContain('# A test')
})

test('theirs is taken', async ({ page, workspace }) => {
  const files = await meetAnotherText(page, workspace)
  await page.getByRole('button', { name: 'Take theirs' }).click()
  await expect(files.editor.getByText('theirs', { exact: true })).toBeVisible()
  await expect(files.tab('README.md, not saved')).toBeHidden()
})

test('unsaved text survives a reload and a crash of the host', async ({ page, host }) => {
  const files = createFolderView(page)
  await files.show()
  await files.open('README.md')
  await files.type('mine ')
  await expect.poll(() => page.evaluate(() => new Promise<number>((resolve) => {
    const request = indexedDB.open('trestle-drafts')
    request.onsuccess = () => {
      const all = request.result.transaction('drafts').objectStore('drafts').getAll()
      all.onsuccess = () => resolve(all.result.filter((draft: { text: string }) => draft.text.startsWith('mine ')).length)
    }
  }))).toBe(1)
  await host.kill()
  await host.start()
  await page.goto(host.ready.url)
  await page.reload()
  await expect(files.tab('README.md, not saved')).toBeVisible()
  await expect(files.editor.getByText('mine # A test')).toBeVisible()
})

test('a binary, an image and a file that is too large have a view of their own', async ({ page, workspace }) => {
  await writeFile(join(workspace, 'data.bin'), Buffer.from([0, 1, 2, 3, 255]))
  await writeFile(join(workspace, 'dot.png'), png)
  await writeFile(join(workspace, 'huge.txt'), 'x'.repeat(5 * 1024 * 1024 + 1))
  const files = createFolderView(page)
  await files.show()
  await files.item('data.bin').click()
  await expect(page.getByText('This is not a text file')).toBeVisible()
  await files.item('huge.txt').click()
  await expect(page.getByText('This file is too large to be edited here')).toBeVisible()
  await files.item('dot.png').click()
  await expect(page.getByRole('img', { name: 'dot.png' })).toBeVisible()
})

test('a line of megabytes keeps the window usable', async ({ page, workspace, app }) => {
  await writeFile(join(workspace, 'line.txt'), `start${'x'.repeat(4_500_000)}`)
  const files = createFolderView(page)
  await files.show()
  await files.open('line.txt')
  await expect(files.editor.getByText(/^start/).first()).toBeVisible()
  await files.type('y')
  await expect(files.tab('line.txt, not saved')).toBeVisible()
  await app.button('Settings').click()
  await expect(page.getByRole('dialog', { name: 'Settings' })).toBeVisible()
})

/** Something typed and not saved, while another program writes the same file. */
async function meetAnotherText(page: Page, workspace: string): Promise<FolderView> {
  const files = createFolderView(page)
  await files.show()
  await files.open('README.md')
  await files.type('mine ')
  await expect(files.tab('README.md, not saved')).toBeVisible()
  await writeFile(join(workspace, 'README.md'), 'theirs\n')
  await expect(page.getByText('This file was changed on disk')).toBeVisible()
  return files
}
