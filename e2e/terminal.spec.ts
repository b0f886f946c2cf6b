import { existsSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from './fixtures'

/** One that has ended and that nobody has looked at yet is still in the table. */
const isAlive = (pid: number) => existsSync(`/proc/${pid}/stat`) && !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))

test.beforeEach(async ({ page }) => {
  await expect(page.getByText(/^Ready to work in/)).toBeVisible()
})

test('a terminal runs in the folder, survives hiding and a reload, and ends with what it started', async ({ page, workspace, app }) => {
  const terminal = page.getByRole('region', { name: 'Terminal' })
  const input = terminal.getByRole('textbox', { name: 'Terminal 1' })
  await page.keyboard.press('Control+`')
  await expect(input).toBeFocused()
  await page.keyboard.type('echo in-"this"-folder; pwd > where; sleep 1000 & echo $! > pid\n')
  await expect(terminal.getByText('in-this-folder', { exact: true })).toBeVisible()
  await expect.poll(() => existsSync(join(workspace, 'pid'))).toBe(true)
  expect((await readFile(join(workspace, 'where'), 'utf8')).trim()).toBe(workspace)
  await page.keyboard.press('Control+`')
  await expect(terminal).toBeHidden()
  await page.reload()
  // The key does something once the folder is there.
  await expect(page.getByText(/^Ready to work in/)).toBeVisible()
  await page.keyboard.press('Control+`')
  await expect(terminal.getByText('in-this-folder', { exact: true })).toBeVisible()
  await app.button('New terminal').click()
  await expect(terminal.getByRole('tab', { name: 'Terminal 2' })).toBeVisible()
  await app.button('Rename Terminal 2').click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Build')
  await app.button('Rename').click()
  await expect(terminal.getByRole('tab', { name: 'Build' })).toBeVisible()
  await terminal.getByRole('tab', { name: 'Terminal 1' }).click()
  const pid = Number(await readFile(join(workspace, 'pid'), 'utf8'))
  await app.button('End Terminal 1').click()
  await expect.poll(() => isAlive(pid)).toBe(false)
  await expect(terminal.getByRole('tab', { name: 'Terminal 1' })).toBeHidden()
})

test('a program that floods leaves the window usable, and can be stopped', async ({ page, app }) => {
  const terminal = page.getByRole('region', { name: 'Terminal' })
  await page.keyboard.press('Control+`')
  await expect(terminal.getByRole('textbox', { name: 'Terminal 1' })).toBeFocused()
  await page.keyboard.type('yes flooding\n')
  await expect(terminal.getByText('flooding', { exact: true }).first()).toBeVisible()
  await app.button('Settings').click()
  await expect(page.getByRole('dialog', { name: 'Settings' })).toBeVisible()
  await page.keyboard.press('Escape')
  await terminal.getByRole('textbox', { name: 'Terminal 1' }).focus()
  await page.keyboard.press('Control+c')
  await page.keyboard.type('echo st"opp"ed\n')
  await expect(terminal.getByText('stopped', { exact: true })).toBeVisible()
})

test('what a program prints reaches nothing but the screen', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.evaluate(() => navigator.clipboard.writeText('mine'))
  const title = await page.title()
  const requests: string[] = []
  page.on('request', (request) => requests.push(request.url()))
  const terminal = page.getByRole('region', { name: 'Terminal' })
  await page.keyboard.press('Control+`')
  await expect(terminal.getByRole('textbox', { name: 'Terminal 1' })).toBeFocused()
  await page.keyboard.type(`printf '\\033]52;c;c3RvbGVu\\007\\033]2;stolen\\007\\033]8;;javascript:alert(1)\\007link\\033]8;;\\007 <img src=https://example.com/x>'; echo; echo e"n"d\n`)
  await expect(terminal.getByText('end', { exact: true })).toBeVisible()
  // Its rows are drawn again and again, so nothing holds still enough for a click by name.
  const link = await terminal.getByText(/^link/).first().boundingBox()
  await page.mouse.click((link?.x ?? 0) + 8, (link?.y ?? 0) + 8)
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('mine')
  expect([await page.title(), context.pages().length, requests.filter((url) => url.includes('example.com'))]).toEqual([title, 1, []])
})

test('a folder that is not trusted has no terminal', async ({ page, app, api }) => {
  const { body } = await api.get('/workspaces')
  await api.post(`/workspaces/${body.items[0].id}/trust`, { trusted: false })
  await expect(app.status).toContainText('Read-only')
  await page.keyboard.press('Control+`')
  await expect(page.getByText('No terminal in a folder that is not trusted')).toBeVisible()
})
