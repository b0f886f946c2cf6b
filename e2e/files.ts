import type { Locator, Page } from '@playwright/test'
import { expect } from './expect'

/** The folder as a person works in it. */
export interface FolderView {
  readonly tree: Locator
  readonly editor: Locator
  /** What can be typed into, in the editor. */
  readonly text: Locator
  item(name: string | RegExp): Locator
  tab(name: string | RegExp): Locator
  show(): Promise<void>
  /** Opens a file and waits for its text. */
  open(name: string | RegExp): Promise<void>
  type(text: string): Promise<void>
}

export function createFolderView(page: Page): FolderView {
  const tree = page.getByRole('tree', { name: /^Files of / })
  const editor = page.getByRole('region', { name: 'Editor' })
  const text = editor.getByRole('textbox').first()
  const item = (name: string | RegExp) => tree.getByRole('treeitem', { name })
  return {
    tree, editor, text, item,
    tab: (name) => page.getByRole('tablist', { name: 'Open files' }).getByRole('tab', { name }),
    show: async () => {
      await page.getByRole('tab', { name: 'Files', exact: true }).click()
      await expect(tree).toBeVisible()
    },
    open: async (name) => {
      await item(name).dblclick()
      await expect(text).toBeAttached()
    },
    type: async (typed) => {
      await text.focus()
      await page.keyboard.press('Control+Home')
      await page.keyboard.type(typed)
    },
  }
}
