import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createFolderView } from './files'
import { expect, forgiveDiagrams, test } from './fixtures'
import { all, expectInert, expectUsable, short } from './naughty'
import { watchElements, watchPage } from './watch-page'

test.describe.configure({ mode: 'parallel' })

const fileNames = [...new Set(short.map((text) => text.replaceAll(/[/\u0000-\u001f\u007f]/g, '_').slice(0, 60)))].filter((name) => !/^\.{0,2}$/.test(name)).slice(0, 40)

test('every naughty string, in every view that shows text of a model, a tool or a file, stays text', async ({ app, api, model, page, workspace, host, complaints }) => {
  test.setTimeout(180_000)
  const seen = watchPage(page, new URL('/', host.ready.url).href)
  await watchElements(page)
  for (const name of fileNames) await writeFile(join(workspace, name), `${name}\nneedle\n`)
  await writeFile(join(workspace, 'all.txt'), all)
  for (const title of short.slice(0, 30)) await api.post('/sessions', { title })
  await api.put('/settings', { defaultMode: 'auto-edit' })
  await page.reload()
  await app.newSession()
  const written = fileNames.slice(0, 3).map((name) => ({ name: 'write_file', arguments: { path: `made ${name}`, content: `${all.slice(0, 2_000)}\n` } }))
  model.reply(
    { thinking: all, text: all, toolCalls: [{ name: 'read_file', arguments: { path: 'all.txt' } }, ...written] },
    { text: short.map((text) => `- ${text}\n\n| ${text} | [${text}](${text}) |\n|---|---|\n| ![${text}](${text}) | \`${text}\` |`).join('\n\n'), toolCalls: [{ name: 'run_command', arguments: { command: 'cat all.txt; echo; ls' } }] },
    { toolCalls: [{ name: 'ask_user', arguments: { question: short.join('\n'), options: [...new Set(short.map((text) => text.trim()))].slice(0, 4) } }] },
    { text: `${'```html\n'}${all}` },
  )
  await app.say(short.join('\n'))
  await test.step('an approval and its notice', async () => {
    await expect(app.button('Allow once')).toBeVisible({ timeout: 60_000 })
    await app.needsYou.click()
    await expect(page.getByRole('dialog', { name: /^Needs you/ })).toBeVisible()
    await page.keyboard.press('Escape')
    await app.button('Allow once').click()
  })
  await test.step('a question', async () => {
    await expect(page.getByRole('group', { name: 'Answers' })).toBeVisible({ timeout: 60_000 })
    await page.getByRole('group', { name: 'Answers' }).getByRole('button').first().click()
    await expect(app.button('Stop')).toBeHidden({ timeout: 60_000 })
  })
  await test.step('the panes at the right', async () => {
    const pane = page.getByRole('complementary', { name: 'Context' })
    for (const tab of ['Context', 'Run', 'Timeline', 'Changes']) {
      await pane.getByRole('tab', { name: tab, exact: true }).click()
      await expect(pane.getByRole('tabpanel', { name: tab })).not.toBeEmpty()
    }
    await page.getByRole('list', { name: 'Changed files' }).getByRole('button').first().click()
    await expect(page.getByRole('dialog').getByRole('heading').first()).toBeVisible()
    await page.keyboard.press('Escape')
  })
  await test.step('every row of the conversation', async () => {
    const messages = page.getByRole('region', { name: 'Messages' })
    await messages.focus()
    await page.keyboard.press('Home')
    for (let presses = 0; presses < 12; presses += 1) {
      for (const row of await page.getByRole('group', { name: /^(read_file|write_file|run_command|ask_user): / }).all()) {
        const closed = row.getByRole('button', { expanded: false })
        if ((await closed.count()) > 0) await closed.first().click({ timeout: 2_000 }).catch(() => null)
      }
      await messages.evaluate((element) => element.scrollBy(0, element.clientHeight))
    }
  })
  await test.step('sessions, their search, files and the search in them', async () => {
    await page.getByRole('searchbox', { name: 'Search sessions' }).fill('script')
    await expect(page.getByRole('navigation', { name: 'Sessions' }).locator('mark').first()).toBeVisible()
    const files = createFolderView(page)
    await files.show()
    await expect(files.tree.getByRole('treeitem').nth(5)).toBeVisible()
    await page.keyboard.press('Control+Shift+L')
    await page.getByRole('searchbox', { name: 'Search for' }).fill('needle')
    await expect(page.getByText(`${fileNames.length} in ${fileNames.length} files`)).toBeVisible()
  })
  await expectUsable(app)
  await expectInert(app, seen)
  await test.step('the quick prompt', async () => {
    await page.goto(host.ready.url.replace('/#', '/quick#'))
    const message = page.getByRole('textbox', { name: 'Message' })
    await expect(message).toBeFocused()
    model.reply({ text: all })
    await message.fill(short.join('\n'))
    await message.press('Enter')
    await expect(page.getByRole('article', { name: /^Agent/ }).last()).not.toBeEmpty()
    await expect(app.button('Stop')).toBeHidden({ timeout: 60_000 })
    await expectUsable(app)
  })
  await expectInert(app, seen)
  forgiveDiagrams(complaints)
})

const arabic = 'مرحبا بالعالم '
const huge: Readonly<Record<string, string>> = {
  'five megabytes in one line': 'x'.repeat(5_000_000),
  'ten thousand links': Array.from({ length: 10_000 }, (_item, index) => `[link ${index}](https://away.example/${index})`).join(' '),
  'lists and quotes without a bottom': `${Array.from({ length: 1_000 }, (_item, level) => `${'  '.repeat(level)}- level ${level}`).join('\n')}\n\n${'> '.repeat(3_000)}deep\n\n${'['.repeat(20_000)}\n\n${'*'.repeat(20_000)}a`,
  'both directions and faces': `${arabic.repeat(500)}\u202eabc\u202c ${'👩‍👩‍👧‍👦🏳️‍🌈'.repeat(2_000)} ${'Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢'.repeat(200)}`,
}

test('texts without measure leave the window usable', async ({ app, model, page, host, complaints }) => {
  test.setTimeout(180_000)
  const seen = watchPage(page, new URL('/', host.ready.url).href)
  await watchElements(page)
  await page.reload()
  for (const [name, text] of Object.entries(huge)) {
    await test.step(name, async () => {
      await app.newSession()
      model.reply({ text: `${text}\n\nThe end of ${name}.` })
      await app.say(name)
      await expect(page.getByRole('feed').getByText(`The end of ${name}.`)).toBeVisible({ timeout: 60_000 })
      await expect(app.button('Stop')).toBeHidden({ timeout: 60_000 })
      await expectUsable(app)
      expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0)
    })
  }
  await page.reload()
  await expect(page.getByRole('feed').getByText('The end of both directions and faces.')).toBeVisible()
  await expectInert(app, seen)
  forgiveDiagrams(complaints)
})
