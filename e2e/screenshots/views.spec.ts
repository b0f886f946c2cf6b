import type { Page } from '@playwright/test'
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { App } from '../app'
import { expect, test as base } from '../fixtures'

/** A folder whose name is the same in every picture. */
const test = base.extend<object>({
  workspace: async ({}, use) => {
    const parent = await realpath(await mkdtemp(join(tmpdir(), 'trestle-views-')))
    const folder = join(parent, 'harbour')
    await mkdir(join(folder, 'src'), { recursive: true })
    await writeFile(join(folder, 'README.md'), '# Harbour\n\nShips come in and go out.\n')
    await writeFile(join(folder, 'src', 'ships.ts'), 'export const ships = [\'Alba\', \'Brise\']\n')
    await use(folder)
    await rm(parent, { recursive: true, force: true })
  },
})

const answer = `The folder has **two** files:

| File | What it is |
|---|---|
| README.md | says what the harbour is for |
| src/ships.ts | lists the ships |

\`\`\`ts
export const ships = ['Alba', 'Brise']
\`\`\`

I would like to add a third ship.`
const edit = { toolCalls: [{ name: 'edit_file', arguments: { path: 'src/ships.ts', old_text: "'Brise'", new_text: "'Brise', 'Corvo'" } }] }

type Model = { reply(...replies: object[]): void }
type Look = (name: string) => Promise<void>

async function workbench({ app, model, look }: { app: App; model: Model; look: Look }) {
  const { page } = app
  await expect(page.getByText(/^Ready to work in/)).toBeVisible()
  await look('home')
  await app.newSession()
  model.reply({ text: 'I read what is there first.', toolCalls: [{ name: 'read_file', arguments: { path: 'README.md' } }] }, { text: answer, ...edit })
  await app.say('Which ships are in the harbour? Add the Corvo.')
  await expect(app.button('Allow once')).toBeVisible()
  await look('approval')
  model.reply({ text: 'The Corvo is in the list now.' })
  await app.button('Allow once').click()
  await expect(app.answers.last()).toContainText('in the list now')
  await look('conversation')
}

async function overlays({ app, look }: { app: App; look: Look }) {
  const { page } = app
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog', { name: 'Commands' })).toBeVisible()
  await look('palette')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+/')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  await look('shortcuts')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+,')
  const dialog = page.getByRole('dialog', { name: 'Settings' })
  for (const [tab, name] of [['Models and keys', 'models'], ['Catalogue', 'catalogue'], ['Limits', 'limits'], ['Appearance', 'appearance'], ['Shortcuts', 'shortcuts'], ['Folders and trust', 'folders']] as const) {
    await dialog.getByRole('tab', { name: tab, exact: true }).click()
    await look(`settings-${name}`)
  }
  await page.keyboard.press('Escape')
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, reducedMotion: 'reduce' })

    test('every view looks as it did', async ({ app, model, page, host }) => {
      test.setTimeout(240_000)
      const look = lookAt(page, colorScheme)
      await workbench({ app, model, look })
      await overlays({ app, look })
      await page.goto(host.ready.url.replace('/#', '/quick#'))
      await expect(page.getByRole('textbox', { name: 'Message' })).toBeFocused()
      await look('quick-prompt')
    })
  })
}

function lookAt(page: Page, theme: string): Look {
  return async (name) => {
    for (const width of [1280, 900]) {
      await page.setViewportSize({ width, height: 800 })
      await page.evaluate(sameEveryTime)
      await expect(page).toHaveScreenshot(`${name}-${width}-${theme}.png`, { animations: 'disabled', caret: 'hide', maxDiffPixelRatio: 0.03, timeout: 20_000 })
    }
    await page.setViewportSize({ width: 1280, height: 800 })
  }
}

/** In the page: durations, ports and temporary folders differ from run to run. */
function sameEveryTime(): void {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
    const text = node.nodeValue ?? ''
    const same = text.replace(/^\d+(\.\d)? m?s$/, '0.1 s').replace(/127\.0\.0\.1:\d+/, '127.0.0.1:11434').replace(/\/\S*trestle-views-[^/\s]+/, '/home/me')
    if (same !== text) node.nodeValue = same
  }
}
