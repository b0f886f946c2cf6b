import type { Api } from '../api'
import type { App } from '../app'
import type { ModelScript } from '../model-script'
import { expect } from '../fixtures'
import { type Look, lookAt, showTab, test } from './look'

const edit = (path: string, old_text: string, new_text: string) => ({ name: 'edit_file', arguments: { path, old_text, new_text } })
const long = Array.from({ length: 14 }, (_item, index) => `Ship ${index + 1} waits at the quay until the tide turns, and its papers are in order.`).join('\n\n')

interface Tools {
  readonly app: App
  readonly api: Api
  readonly model: ModelScript
  readonly look: Look
}

async function conversation({ app, api, model }: Tools): Promise<void> {
  await api.put('/settings', { defaultMode: 'auto-edit' })
  await app.newSession()
  model.reply(
    { thinking: 'Two places name the ships.', text: 'I change both places.', toolCalls: [edit('src/ships.ts', "'Brise'", "'Brise', 'Corvo'"), edit('README.md', 'Ships come in', 'Ships come in with the tide')] },
    { toolCalls: [{ name: 'run_command', arguments: { command: "printf '\\033[32m✓\\033[0m ships 3\\n\\033[32m✓\\033[0m tides 2\\n\\033[31m✗\\033[0m moon 1\\n'" } }] },
    { text: 'The **Corvo** is in the list, and the README says more.' },
  )
  await app.say('Add the Corvo, say when they come')
  await app.button('Allow once').click()
  await expect(app.answers.last()).toContainText('says more')
  for (const question of ['Who waits at the quay?', 'And who comes next?']) {
    model.reply({ text: long })
    await app.say(question)
    await expect(app.button('Stop')).toBeHidden()
  }
}

async function change({ app, look }: Tools): Promise<void> {
  const { page } = app
  await look('change', async () => {
    if (await page.getByRole('dialog').isVisible()) return
    await showTab(page, 'Changes')
    await page.getByRole('combobox', { name: 'Changes' }).selectOption('session')
    await page.getByRole('list', { name: 'Changed files' }).getByRole('button').first().click()
    await expect(page.getByRole('dialog').getByRole('button', { name: 'Comment on part 1' })).toBeVisible()
  })
  await page.keyboard.press('Escape')
}

async function reading({ app, model, look }: Tools): Promise<void> {
  const { page } = app
  await app.button('Prompts (3)').focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('listbox', { name: 'Prompts' })).toBeVisible()
  await page.keyboard.press('Home')
  await look('prompts')
  await page.keyboard.press('Enter')
  await expect(app.mine.first()).toBeInViewport()
  await app.tool('run_command').getByRole('button').first().click()
  await look('tool-output')
  await page.keyboard.press('Control+f')
  await page.getByRole('search', { name: 'Find in this conversation' }).getByRole('textbox').fill('tide')
  await expect(page.getByRole('search', { name: 'Find in this conversation' }).getByRole('status')).toHaveText(/of/)
  await look('find')
  await page.keyboard.press('Escape')
  await app.status.getByRole('button', { name: /Usage|\$|cost/ }).click()
  await expect(page.getByRole('dialog', { name: 'Tokens and cost' }).getByRole('img')).toBeVisible()
  await look('usage')
  await page.keyboard.press('Escape')
  model.reply({ toolCalls: [{ name: 'ask_user', arguments: { question: 'Which quay shall the Corvo take?', options: ['North', 'South'] } }] })
  await app.say('Find a quay for the Corvo')
  await expect(page.getByRole('group', { name: 'Answers' })).toBeVisible()
  await look('question')
  await app.newSession()
  await app.needsYou.click()
  await look('needs-you')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+Shift+f')
  await page.keyboard.type('quay')
  await expect(page.getByRole('navigation', { name: 'Sessions' }).getByText(/waits at the/).first()).toBeVisible()
  await look('search-sessions')
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, reducedMotion: 'reduce' })

    test('what shows the work looks as it did', async ({ app, api, model, page }) => {
      test.setTimeout(300_000)
      page.setDefaultTimeout(15_000)
      const tools = { app, api, model, look: lookAt(page, colorScheme) }
      await conversation(tools)
      await change(tools)
      await reading(tools)
    })

    test.describe('at first run', () => {
      test.use({ withModel: false })
      test('the welcome looks as it did', async ({ app, page }) => {
        await expect(app.button('Try the demo')).toBeVisible()
        await expect(page.getByText(/^No Ollama|Servers found/).or(page.getByRole('list', { name: 'Servers found on this machine' })).first()).toBeVisible()
        await lookAt(page, colorScheme)('welcome')
      })
    })
  })
}
