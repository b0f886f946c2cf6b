import AxeBuilder from '@axe-core/playwright'
import type { Page, TestInfo } from '@playwright/test'
import { join } from 'node:path'
import { expect } from './fixtures'

/** Colours must not be in transition when they are measured. */
async function settle(page: Page) {
  await page.evaluate(() => Promise.all(document.getAnimations().filter((animation) => animation instanceof CSSTransition).map(({ finished }) => finished.catch(() => null))))
}

/** At both widths nothing scrolls sideways, and axe finds no violation, in what `within` names or all over; pictures with TRESTLE_LOOKS. */
export function lookAt(page: Page, info: TestInfo, theme: string, within?: string) {
  return async (name: string, widths: readonly number[] = [900, 1280]) => {
    for (const width of widths) {
      await page.setViewportSize({ width, height: 800 })
      await settle(page)
      const file = `${name} ${width} ${theme}.png`.toLowerCase().replaceAll(' ', '-')
      if (process.env.TRESTLE_LOOKS !== undefined) await page.screenshot({ path: join(info.project.outputDir, 'looks', file) })
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      expect(overflow, `${name} scrolls sideways`).toBe(0)
    }
    const axe = new AxeBuilder({ page })
    const { violations } = await (within === undefined ? axe : axe.include(within)).analyze()
    expect(violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`) })), name).toEqual([])
  }
}
