import type { Page } from '@playwright/test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { MemoryDraftSchema } from '../../src/contract/memory'
import { createEventStream } from '../../src/main/core/events/event-stream'
import { createMemory } from '../../src/main/core/memory/create-memory'
import { newId, systemClock } from '../../src/main/adapters/node/system'
import { openStore } from '../../src/main/adapters/sqlite'
import { startHost } from '../../src/main/hosts/headless/testing/host-process'
import { heapMegabytes, longTasks, now, openBrowser, openPage, worst } from '../chat/browser'
import { median } from '../median'
import { createTexts } from '../memory-data'
import { report } from '../report'

const COUNT = Number(process.env['TRESTLE_BENCH_BROWSER'] ?? 100_000)
const ROUNDS = 5
const SCROLLED = 12_000
const ROW = 34
const kinds = ['fragment', 'fragment', 'solution', 'user'] as const
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
const texts = createTexts(7)

/** A fresh profile that remembers so much; every tenth item says something of a thing. */
async function seed(): Promise<string> {
  const profile = await mkdtemp(join(tmpdir(), 'trestle-bench-'))
  const { store, memorySearch, close } = openStore({ path: join(profile, 'trestle.db'), backupFolder: join(profile, 'backups'), clock: systemClock, newId, logger: silent })
  const events = createEventStream({ store, clock: systemClock })
  const memory = createMemory({
    store, search: memorySearch, events, clock: systemClock, newId, logger: silent, settings: () => ({ embeddingModel: null, sendSensitive: false, retention: [] }),
    embedder: () => Promise.reject(new Error('no model')), backups: () => Promise.resolve([]),
  })
  const drafts = function* () {
    for (let index = 0; index < COUNT; index += 1) {
      const said = index % 10 === 0 ? `The server s${index % 997} runs on host h${index % 89}. ` : ''
      yield MemoryDraftSchema.parse({ text: `${said}${index} ${texts.text()}`, kind: kinds[index % kinds.length], tags: [`tag-${index % 40}`], importance: (index % 10) / 10 })
    }
  }
  await memory.service.saveMany(drafts(), { by: 'script', cause: 'bench', traceId: 'bench' })
  await close()
  return profile
}

/** From the start of the load until rows are shown and the next input would be taken at once. */
const interactive = (page: Page): Promise<number> =>
  page.evaluate(() => new Promise<number>((done) => {
    const look = () => {
      if (document.querySelectorAll('[data-memory-scroll] [data-row]').length < 10) return void requestAnimationFrame(look)
      requestAnimationFrame(() => setTimeout(() => done(performance.now()), 0))
    }
    look()
  }))

/** Scrolls down row by row until so many were shown; waits where more is still loading. Returns the longest wait for a row in ms. */
const scrollDown = (page: Page, rows: number): Promise<number> => page.evaluate(async ({ rows: wanted, row }) => {
  const element = document.querySelector('[data-memory-scroll]')
  if (element === null) throw new Error('no table')
  let longest = 0
  for (let frame = 0; frame < 20_000 && element.scrollTop < wanted * row; frame += 1) {
    const before = element.scrollTop
    const since = performance.now()
    do {
      element.scrollTop += 20 * row
      await new Promise(requestAnimationFrame)
    } while (element.scrollTop === before && performance.now() - since < 30_000)
    longest = Math.max(longest, performance.now() - since)
  }
  return longest
}, { rows, row: ROW })

/** Types letter by letter; how long after the last one the rows are those that were asked for. */
async function typeWords(page: Page, words: string): Promise<number> {
  const field = page.getByRole('searchbox', { name: 'Search the memory' })
  await field.fill('')
  await field.pressSequentially(words, { delay: 60 })
  const since = await now(page)
  await page.locator('[data-memory-scroll] mark').first().waitFor()
  return (await now(page)) - since
}

const profile = await seed()
const host = await startHost({ cli: resolve('out/headless/cli.js'), args: ['serve', '--profile', profile, '--port', '0'], env: { OPENAI_API_KEY: 'key', OPENAI_BASE_URL: 'http://127.0.0.1:9/v1', TRESTLE_MODEL: 'openai/bench' } })
const browser = await openBrowser()
const open = async (page: Page): Promise<number> => {
  await page.goto(`${host.ready.url}&/memory`)
  return interactive(page)
}
const times: number[] = []
for (let round = 0; round < ROUNDS; round += 1) {
  const { page } = await openPage(browser)
  times.push(await open(page))
  await page.context().close()
}
const { page, cdp } = await openPage(browser)
await open(page)
const beforeScroll = await now(page)
const wait = await scrollDown(page, Math.min(SCROLLED, COUNT * 0.9))
const scrolled = await longTasks(page, beforeScroll)
const beforeTyping = await now(page)
const found: number[] = []
for (let round = 0; round < ROUNDS; round += 1) found.push(await typeWords(page, texts.query()))
const typed = await longTasks(page, beforeTyping)
await page.getByRole('searchbox', { name: 'Search the memory' }).fill('')
const beforeGraph = await now(page)
await page.getByRole('tab', { name: 'Knowledge' }).click()
await page.getByRole('group', { name: /^What is known, as a graph/ }).getByRole('button').first().waitFor()
const graph = (await now(page)) - beforeGraph
const drawn = await longTasks(page, beforeGraph)
const heap = await heapMegabytes(cdp)
await browser.close()
await host.stop()
await rm(profile, { recursive: true, force: true })

report({ name: 'memory-browser.open', value: median(times), unit: 'ms' })
report({ name: 'memory-browser.scroll.longest-task', value: worst(scrolled), unit: 'ms' })
report({ name: 'memory-browser.scroll.long-tasks', value: scrolled.length, unit: 'tasks over 50 ms' })
report({ name: 'memory-browser.scroll.longest-wait', value: wait, unit: 'ms' })
report({ name: 'memory-browser.search.after-last-key', value: median(found), unit: 'ms' })
report({ name: 'memory-browser.search.longest-task', value: worst(typed), unit: 'ms' })
report({ name: 'memory-browser.knowledge.shown', value: graph, unit: 'ms' })
report({ name: 'memory-browser.knowledge.longest-task', value: worst(drawn), unit: 'ms' })
report({ name: 'memory-browser.heap', value: heap, unit: 'MB' })
