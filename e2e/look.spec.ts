import type { Page } from '@playwright/test'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { App } from './app'
import { expect, test } from './fixtures'
import { lookAt } from './look-at'

test.describe.configure({ mode: 'parallel' })

const edit = { toolCalls: [{ name: 'edit_file', arguments: { path: 'README.md', old_text: 'Hello.', new_text: 'Hello, harbour.' } }] }
const rich = `# What I found

The folder has **one** file, see \`README.md\`:

| File | Lines |
|---|---|
| README.md | 3 |

1. Read it
2. Change one line

\`\`\`ts
export const greeting = 'Hello'
\`\`\`

> Nothing was changed yet. See [the manual](https://example.com/).`

/** Every view of the window, by what brings it up. */
async function eachView(app: App, model: { reply(...replies: object[]): void }, look: (name: string) => Promise<void>) {
  const { page } = app
  await expect(page.getByText(/^Ready to work in/)).toBeVisible()
  await look('home')
  await app.newSession()
  await look('new session')
  model.reply(
    { text: 'I read it first.', toolCalls: [{ name: 'read_file', arguments: { path: 'README.md' } }, { name: 'read_file', arguments: { path: 'gone.md' } }] },
    { thinking: 'Let me think.', text: rich, ...edit },
  )
  await app.say('Greet the harbour in the README')
  await expect(app.button('Allow once')).toBeVisible()
  await app.tool('read_file').first().getByRole('button').click()
  await look('approval')
  await app.newSession()
  await app.needsYou.click()
  await look('needs you')
  await page.keyboard.press('Escape')
  await page.goBack()
  await app.button('Reject').click()
  await look('rejecting')
  model.reply({ toolCalls: [{ name: 'ask_user', arguments: { question: 'Which word shall I use instead?', options: ['Port', 'Quay'] } }] })
  await app.button('Reject').click()
  await expect(page.getByRole('group', { name: 'Answers' })).toBeVisible()
  await app.say('And one that waits')
  await look('question')
  await app.button('Stop').click()
  await expect(page.getByRole('list', { name: 'Queued messages' })).toBeHidden()
  await expect(page.getByRole('region', { name: 'How the turn ended' })).toBeVisible()
  await look('failed turn')
}

const settingsTabs = [
  'Models and keys', 'Catalogue', 'Defaults', 'Behaviour', 'Memory', 'Limits', 'Tasks', 'Agents', 'Web', 'MCP servers', 'Permissions',
  'Guardrails', 'Audit', 'Secrets', 'Access', 'Folders and trust', 'Appearance', 'Shortcuts', 'Notifications', 'Desktop', 'Storage',
  'Backups and data', 'About and diagnostics',
]

async function eachSetting(app: App, tabs: readonly string[], look: (name: string) => Promise<void>) {
  const { page } = app
  await expect(page.getByText(/^Ready to work in/)).toBeVisible()
  await app.button('Settings').click()
  for (const tab of tabs) {
    await page.getByRole('tab', { name: tab, exact: true }).click()
    await look(`settings ${tab}`)
  }
}

async function eachChoice(app: App, look: (name: string) => Promise<void>) {
  const { page } = app
  await app.status.getByRole('combobox', { name: 'Mode', exact: true }).click()
  await look('modes')
  await page.keyboard.press('Escape')
  await app.status.getByRole('button', { name: 'Trusted' }).click()
  await expect(page.getByRole('alertdialog')).toBeVisible()
  await look('trust')
  await page.keyboard.press('Escape')
}

async function eachWelcome(app: App, look: (name: string) => Promise<void>) {
  await expect(app.button('Try the demo')).toBeVisible()
  await expect(app.page.getByText(/^No Ollama|Servers found/).or(app.page.getByRole('list', { name: 'Servers found on this machine' })).first()).toBeVisible()
  await look('welcome')
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme })

    test('every view fits and is accessible', async ({ app, model, page }, info) => {
      const look = lookAt(page, info, colorScheme)
      await eachView(app, model, look)
      await eachChoice(app, look)
    })

    for (const [part, tabs] of [['first', settingsTabs.slice(0, 12)], ['second', settingsTabs.slice(12)]] as const) {
      test(`the ${part} half of the settings fits and is accessible`, async ({ app, page }, info) => {
        await eachSetting(app, tabs, lookAt(page, info, colorScheme, 'dialog'))
      })
    }

    test.describe('at first run', () => {
      test.use({ withModel: false })
      test('so does the welcome', async ({ app, page }, info) => {
        await eachWelcome(app, lookAt(page, info, colorScheme))
      })
    })
  })
}

test.describe('with the keyboard alone', () => {
  test.use({ withModel: false })

  test('one gets from the first run to a written file', async ({ app, page, workspace }) => {
    await expect(app.button('Try the demo')).toBeVisible()
    await tabTo(page, 'Try the demo')
    await page.keyboard.press('Enter')
    await expect(page.getByText(/^Ready to work in/)).toBeVisible()
    await tabTo(page, 'New session')
    await page.keyboard.press('Enter')
    await expect(app.composer).toBeFocused()
    await page.keyboard.type('Hello')
    await page.keyboard.press('Enter')
    await expect(app.button('Allow once')).toBeVisible()
    await tabTo(page, 'Allow once', 'Shift+Tab')
    await page.keyboard.press('Enter')
    await expect(app.answers.last()).toContainText('With your approval I wrote')
    expect(await readFile(join(workspace, 'trestle-tour.md'), 'utf8')).toContain('# What is in this folder')
  })
})

test('shortcuts hide the panes, start a session and open the settings', async ({ app, page }) => {
  await expect(page.getByRole('complementary', { name: 'Context' })).toBeVisible()
  await page.keyboard.press('Control+j')
  await expect(page.getByRole('complementary', { name: 'Context' })).toBeHidden()
  await page.keyboard.press('Control+b')
  await expect(page.getByRole('navigation', { name: 'Sessions' })).toBeHidden()
  await page.keyboard.press('Control+,')
  await expect(page.getByRole('dialog', { name: 'Settings' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog', { name: 'Settings' })).toBeHidden()
  await expect(app.button('Settings')).toBeVisible()
})

/** Presses Tab until the named control has the focus, which must be visible, and gives up after a round. */
async function tabTo(page: Page, name: string, key = 'Tab') {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press(key)
    const focused = page.locator(':focus')
    if ((await focused.count()) === 0) continue
    if (!(await focused.evaluate((element, wanted) => (element.getAttribute('aria-label') ?? element.textContent).trim() === wanted, name))) continue
    expect(await focused.evaluate((element) => getComputedStyle(element).outlineStyle), `the focus of ${name}`).not.toBe('none')
    return
  }
  throw new Error(`the keyboard does not reach ${name}`)
}
