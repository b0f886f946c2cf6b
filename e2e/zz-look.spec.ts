import { dirname, join } from 'node:path'
import { expect, test } from './fixtures'

const script = join(import.meta.dirname, '..', 'src', 'testing', 'scripted-mcp-server.mjs')
test('look', async ({ app, page, api }) => {
  test.setTimeout(90_000)
  await expect(app.status).toContainText('Connected')
  const folders = [{ path: dirname(script), write: false }, { path: dirname(process.execPath), write: false }]
  const add = async (name: string, mode: string, timeoutMs = 60_000) => {
    const { body } = await api.post('/mcp/servers', { name, timeoutMs, transport: { kind: 'stdio', command: process.execPath, args: [script, mode, ''], folders, hosts: [], sandboxed: true } })
    await api.post(`/mcp/servers/${body.id}/enable`, { fingerprint: body.fingerprint })
    return body.id as string
  }
  await add('scripted', 'poison')
  await add('broken', 'leaves')
  await app.button('Settings').click()
  const dialog = page.getByRole('dialog', { name: 'Settings' })
  await dialog.getByRole('tab', { name: 'MCP servers', exact: true }).click()
  await expect(dialog.getByRole('listitem', { name: 'scripted', exact: true })).toBeVisible()
  await dialog.getByRole('button', { name: 'A program here' }).click()
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const width of [900, 1280]) {
      await page.setViewportSize({ width, height: 900 })
      await page.screenshot({ path: `/tmp/mcp-look-${colorScheme}-${width}.png` })
    }
  }
  await dialog.getByRole('form', { name: 'New server' }).scrollIntoViewIfNeeded()
  await page.screenshot({ path: '/tmp/mcp-look-form.png' })
})
