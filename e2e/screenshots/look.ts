import type { Page } from '@playwright/test'
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test as base } from '../fixtures'

/** A folder whose name is the same in every picture, and a model that has a name and a price. */
export const test = base.extend<object>({
  modelName: 'openai/gpt-5.5',
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

export type Model = { reply(...replies: object[]): void }
/** `shown`: a tab of the context pane, which the narrow window shows only when it is asked to; or what brings the view up again where it was folded away. */
export type Look = (name: string, shown?: string | (() => Promise<void>)) => Promise<void>

/** Compares the window with its pictures, at both widths. */
export function lookAt(page: Page, theme: string): Look {
  return async (name, shown) => {
    for (const width of [1280, 900]) {
      await page.setViewportSize({ width, height: 800 })
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
      if (typeof shown === 'string') await showTab(page, shown)
      else await shown?.()
      await page.evaluate(sameEveryTime)
      await expect(page).toHaveScreenshot(`${name}-${width}-${theme}.png`, { animations: 'disabled', caret: 'hide', maxDiffPixelRatio: 0.01, timeout: 20_000 })
    }
    await page.setViewportSize({ width: 1280, height: 800 })
  }
}

export async function showTab(page: Page, tab: string): Promise<void> {
  const wanted = page.getByRole('tab', { name: tab, exact: true })
  if (!(await wanted.isVisible())) await page.getByRole('button', { name: 'Context pane' }).click()
  await wanted.click()
}

/**
 * In the page: durations, times, dates, sizes of the profile, ports and temporary folders differ from run to run. What is still to come keeps
 * its order and its time of day: its dates are moved by whole weeks, as if this were the week of 23 November 2026.
 */
function sameEveryTime(): void {
  const now = Date.now()
  const week = 7 * 24 * 60 * 60 * 1000
  const monday = now - ((new Date().getDay() + 6) % 7) * (week / 7)
  const weeks = Math.round((new Date(2026, 10, 23, 12).getTime() - monday) / week)
  const dates = /\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* \d{1,2}(?:, \d{4})?/g
  const ahead = (date: string): number => {
    const [year] = /\d{4}$/.exec(date) ?? []
    const at = new Date(year === undefined ? `${date}, ${new Date().getFullYear()}` : date).getTime()
    return (year === undefined && at < now - week * 4 ? new Date(`${date}, ${new Date().getFullYear() + 1}`).getTime() : at) - now
  }
  const moved = (date: string): string => {
    // Far ahead it was meant so.
    if (ahead(date) > week * 26) return date
    return new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric' }).format(now + ahead(date) + weeks * week)
  }
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
    const text = node.nodeValue ?? ''
    const isToCome = /^(Every|At) /.test(text) || (text.match(dates) ?? []).some((date) => ahead(date) > 0)
    const timed = isToCome ? text.replace(dates, moved) : text.replace(/^\d+(\.\d)? m?s$/, '0.1 s')
      .replace(/\b\d{1,2}:\d{2}(:\d{2})?( [AP]M)?\b/g, '12:00')
      .replace(/\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun)(day|sday|nesday|rsday|urday)?\b/g, 'Mon').replace(dates, 'Nov 23').replace(/\b\d{4}-\d{2}-\d{2}\b/g, '2026-11-23')
    const same = timed
      .replace(/\b\d+(\.\d+)? (B|[kK]B|MB)\b/g, '12 kB').replace(/127\.0\.0\.1:\d+/, '127.0.0.1:11434').replace(/\/\S*trestle-(views|e2e-profile)-[^/\s]+/, '/home/me')
    if (same !== text) node.nodeValue = same
  }
}
