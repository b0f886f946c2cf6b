import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect } from './expect'

/** No rule of axe is broken and nothing scrolls sideways, at both widths. Colours must not be in transition when they are measured. */
export async function expectAccessible(page: Page, name: string): Promise<void> {
  for (const width of [900, 1280]) {
    await page.setViewportSize({ width, height: 800 })
    await page.evaluate(() => Promise.all(document.getAnimations().filter((animation) => animation instanceof CSSTransition).map(({ finished }) => finished.catch(() => null))))
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    expect(overflow, `${name} scrolls sideways at ${width}`).toBe(0)
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`) })), `${name} at ${width}`).toEqual([])
  }
}
