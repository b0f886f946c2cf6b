import { type Browser, type CDPSession, chromium, type Page } from '@playwright/test'
import { z } from 'zod'
import { ensureChromium } from '../../scripts/setup.mjs'

/** Runs in the page before anything else: every task over 50 ms, as the browser itself tells it. */
const watchTasks = () => {
  const tasks: { at: number; ms: number }[] = []
  Object.assign(window, { longTasks: tasks })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) tasks.push({ at: entry.startTime, ms: entry.duration })
  }).observe({ type: 'longtask', buffered: true })
}

export interface LongTask {
  readonly at: number
  readonly ms: number
}
const TasksSchema = z.array(z.object({ at: z.number(), ms: z.number() }))

export async function openBrowser(): Promise<Browser> {
  const { path } = await ensureChromium()
  if (path === null) throw new Error('this workload needs Chromium')
  return chromium.launch({ executablePath: path, args: ['--no-sandbox'] })
}

export async function openPage(browser: Browser): Promise<{ readonly page: Page; readonly cdp: CDPSession }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 840 } })
  const page = await context.newPage()
  page.setDefaultTimeout(300_000)
  await page.addInitScript(watchTasks)
  return { page, cdp: await context.newCDPSession(page) }
}

/** Tasks over 50 ms that began after `since`, ms after the page began to load. */
export async function longTasks(page: Page, since = 0): Promise<readonly LongTask[]> {
  const tasks = TasksSchema.parse(await page.evaluate(() => (window as unknown as { longTasks: unknown }).longTasks))
  return tasks.filter((task) => task.at >= since)
}

export const now = (page: Page): Promise<number> => page.evaluate(() => performance.now())

/** Megabytes of JavaScript objects, those that could be let go included. */
export async function heapMegabytes(cdp: CDPSession): Promise<number> {
  await cdp.send('Performance.enable')
  const { metrics } = await cdp.send('Performance.getMetrics')
  return (metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0) / 1_000_000
}

/** Scrolls by `step` pixels a frame until the end is reached and nothing more comes. Returns the frames it took. */
export function scrollThrough(page: Page, scroller: string, step: number): Promise<number> {
  return page.evaluate(async ({ scroller, step }) => {
    const element = document.querySelector(scroller)
    if (element === null) throw new Error(`no ${scroller}`)
    let [frames, still] = [0, 0]
    while (still < 60) {
      const before = element.scrollTop
      element.scrollTop += step
      await new Promise(requestAnimationFrame)
      frames += 1
      const isAtEnd = step < 0 ? element.scrollTop <= 0 : element.scrollTop + element.clientHeight >= element.scrollHeight - 1
      still = isAtEnd && Math.abs(element.scrollTop - before) < 1 ? still + 1 : 0
    }
    return frames
  }, { scroller, step })
}

export function worst(tasks: readonly LongTask[]): number {
  return Math.max(0, ...tasks.map((task) => task.ms))
}
