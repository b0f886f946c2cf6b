import type { Locator, Page } from '@playwright/test'
import { expect } from './expect'

/** The window as a person uses it: everything is found by its role and its name. */
export interface App {
  readonly page: Page
  readonly composer: Locator
  readonly status: Locator
  readonly needsYou: Locator
  /** Whole and growing replies of the agent, oldest first. */
  readonly answers: Locator
  readonly mine: Locator
  /** The row of a tool call, by the tool's name. */
  tool(name: string): Locator
  button(name: string | RegExp): Locator
  newSession(): Promise<void>
  say(text: string): Promise<void>
  /** Picks from a list of the status bar. */
  choose(list: 'Model' | 'Mode', option: string): Promise<void>
  /** Opens a session in the address bar. */
  openSession(id: string): Promise<void>
}

export function createApp(page: Page): App {
  const composer = page.getByRole('textbox', { name: 'Message', exact: true })
  const status = page.getByRole('contentinfo', { name: 'Status' })
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
  return {
    page,
    composer,
    status,
    button,
    needsYou: page.getByRole('button', { name: /^Needs you \(/ }),
    answers: page.getByRole('article', { name: 'Agent', exact: true }),
    mine: page.getByRole('article', { name: 'You', exact: true }),
    tool: (name) => page.getByRole('group', { name: new RegExp(`^${name}: `) }),
    newSession: async () => {
      const before = page.url()
      await button('New session').click()
      await expect(page).not.toHaveURL(before)
      // The new session is there when its composer takes the focus from the button.
      await expect(composer).toBeFocused()
    },
    say: async (text) => {
      await composer.fill(text)
      await composer.press('Enter')
      await expect(composer).toHaveValue('')
    },
    choose: async (list, option) => {
      await status.getByRole('combobox', { name: list, exact: true }).click()
      await page.getByRole('option', { name: option }).click()
      await expect(status.getByRole('combobox', { name: list, exact: true })).toContainText(option)
    },
    openSession: async (id) => {
      await expect(status).toContainText('Connected')
      await page.evaluate((hash) => window.location.assign(hash), `#/session/${id}`)
      await expect(composer).toBeVisible()
    },
  }
}
