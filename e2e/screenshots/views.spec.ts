import type { App } from '../app'
import { expect } from '../fixtures'
import { type Look, lookAt, type Model, test } from './look'

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
  for (const [tab, name] of [['Models and keys', 'models'], ['Catalogue', 'catalogue'], ['Defaults', 'defaults'], ['Behaviour', 'behaviour'], ['Memory', 'memory'], ['Limits', 'limits'], ['Tasks', 'tasks'], ['Agents', 'agents'], ['Web', 'web'], ['Permissions', 'permissions'], ['Guardrails', 'guardrails'], ['Audit', 'audit'], ['Appearance', 'appearance'], ['Shortcuts', 'shortcuts'], ['Folders and trust', 'folders'], ['Notifications', 'notifications'], ['Desktop', 'desktop'],
    ['Storage', 'storage'], ['Backups and data', 'data']] as const) {
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
