import { execFileSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expectAccessible } from './accessible'
import { expect, test } from './fixtures'

test.describe.configure({ mode: 'parallel' })

const lines = Array.from({ length: 40 }, (_line, index) => `line ${index + 1}`)
const edits = [['line 3', 'line three'], ['line 33', 'line thirty-three']].map(([old_text, new_text]) => ({ name: 'edit_file', arguments: { path: 'notes.txt', old_text: `${old_text}\n`, new_text: `${new_text}\n` } }))

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme })

    test('a part of a change is commented on and reverted, and that is undone', async ({ app, page, model, workspace }) => {
      const file = join(workspace, 'notes.txt')
      await writeFile(file, `${lines.join('\n')}\n`)
      model.reply({ toolCalls: edits }, { text: 'Changed both.' }, { text: 'I see your comment.' })
      await app.newSession()
      await app.choose('Mode', 'Auto-edit')
      await app.say('Write two numbers as words')
      await expect(app.answers.last()).toHaveText(/Changed both/)
      await page.getByRole('tab', { name: 'Changes' }).click()
      const files = page.getByRole('list', { name: 'Changed files' })
      await expect(files.getByRole('button', { name: /notes\.txt.*\+2.*−2.*changed by the agent/ })).toBeVisible()
      await expectAccessible(page, 'changes')
      await page.setViewportSize({ width: 1280, height: 800 })
      await files.getByRole('button').click()
      const dialog = page.getByRole('dialog', { name: 'notes.txt' })
      await expect(dialog.getByRole('heading', { name: '2 parts' })).toBeVisible()
      await dialog.getByRole('button', { name: 'Comment on part 1' }).click()
      await dialog.getByRole('textbox', { name: 'Your comment' }).fill('Why not the others?')
      await dialog.getByRole('button', { name: 'Add comment' }).click()
      await dialog.getByRole('button', { name: 'Revert part 2' }).click()
      await expect(dialog.getByRole('heading', { name: '1 part' })).toBeVisible()
      const now = await readFile(file, 'utf8')
      expect([now.includes('line three\n'), now.includes('line 33\n')]).toEqual([true, true])
      await dialog.getByRole('button', { name: 'Close' }).last().click()
      await app.button('Undo').click()
      await expect.poll(async () => (await readFile(file, 'utf8')).includes('line thirty-three')).toBe(true)
      await page.reload()
      const chips = page.getByRole('list', { name: 'Goes with the message' })
      await expect(chips).toContainText('Why not the others?')
      await app.button('Send').click()
      await expect(app.answers.last()).toHaveText(/I see your comment/)
      expect(JSON.stringify(model.requests.at(-1)?.body)).toContain('notes.txt:3\\n> line three\\nWhy not the others?')
    })
  })
}

test('what is not committed is listed, and goes back to the commit', async ({ app, page, workspace }) => {
  const git = (command: string) => execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.org', ...command.split(' ')], { cwd: workspace })
  for (const command of ['init -q', 'add .', 'commit -qm one']) git(command)
  await writeFile(join(workspace, 'README.md'), '# A test\n\nHello, harbour.\n')
  await app.newSession()
  await page.getByRole('tab', { name: 'Changes' }).click()
  await page.getByRole('combobox', { name: 'Changes' }).selectOption('uncommitted')
  await page.getByRole('list', { name: 'Changed files' }).getByRole('button', { name: /README\.md/ }).click()
  await app.button('Revert this file').click()
  await expect.poll(() => readFile(join(workspace, 'README.md'), 'utf8')).toBe('# A test\n\nHello.\n')
})
