import type { Page } from '@playwright/test'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type TaskSpec, TaskSpecSchema, type TaskState } from '../../src/contract/tasks'
import { openStore } from '../../src/main/adapters/sqlite'
import { startHost } from '../../src/main/hosts/headless/testing/host-process'
import { heapMegabytes, longTasks, now, openBrowser, openPage, scrollThrough, worst } from '../chat/browser'
import { median } from '../median'
import { report } from '../report'

const COUNT = 2_000
const ROUNDS = 5
/** Nothing of these starts by itself. */
const STATES: readonly TaskState[] = ['backlog', 'backlog', 'done', 'failed', 'review']
const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

const specOf = (index: number): TaskSpec => TaskSpecSchema.parse({
  title: `Task ${index}: look after ship ${index % 97} in the harbour`, instruction: `Do what has to be done for number ${index}.`,
  priority: (['low', 'normal', 'high', 'urgent'] as const)[index % 4], tags: [`pier-${index % 12}`, 'harbour'], checklist: [{ text: 'It is done' }],
})

/** A fresh profile with so many tasks. */
async function seed(): Promise<string> {
  const profile = await mkdtemp(join(tmpdir(), 'trestle-bench-'))
  const { store, close } = openStore({
    path: join(profile, 'trestle.db'), backupFolder: join(profile, 'backups'), clock: { now: () => Date.now(), elapsed: () => performance.now() } as never,
    newId: randomUUID, logger: quiet as never, appVersion: '0.1.0',
  })
  store.transaction(() => {
    for (let index = 0; index < COUNT; index += 1) {
      store.tasks.insert({
        ...specOf(index), id: randomUUID(), state: STATES[index % STATES.length] ?? 'backlog', reason: null, pausedReason: null, parentId: null, scheduleId: null, dueAt: null,
        nextDueAt: null, startAfter: null, generation: 0, source: { by: 'script', sessionId: null, runId: null }, createdAt: Date.now() - index,
      })
    }
  })
  await close()
  return profile
}

/** From the start of the load until cards are shown and the next input would be taken at once. */
const interactive = (page: Page): Promise<number> =>
  page.evaluate(() => new Promise<number>((done) => {
    const look = () => {
      if (document.querySelectorAll('[data-card]').length < 10) return void requestAnimationFrame(look)
      requestAnimationFrame(() => setTimeout(() => done(performance.now()), 0))
    }
    look()
  }))

/** Takes the first card over all columns and back, and lets it go at another place of its own. Returns its id. */
async function dragAround(page: Page): Promise<string> {
  const card = page.locator('[data-column="backlog"] [data-card]').first()
  const [box, id] = [await card.boundingBox(), await card.getAttribute('data-card')]
  if (box === null || id === null) throw new Error('no card')
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(1200, 500, { steps: 120 })
  await page.mouse.move(x, y + 300, { steps: 120 })
  await page.mouse.up()
  return id
}

/** The ids of a column from the top, as the host has them. */
async function topOf(state: TaskState): Promise<readonly string[]> {
  const { api, token } = host.ready
  const answer = await fetch(`${api}/tasks?state=${state}&order=board&limit=50`, { headers: { authorization: `Bearer ${token}` } })
  if (!answer.ok) throw new Error(`the tasks were not told: ${answer.status}`)
  const body: unknown = await answer.json()
  if (typeof body !== 'object' || body === null || !('items' in body) || !Array.isArray(body.items)) throw new Error('no tasks')
  return body.items.map((item: { readonly id: string }) => item.id)
}

/** Waits until the host has the card elsewhere than at the top: without that, a drag that did nothing would be the quickest. */
async function isMoved(id: string): Promise<void> {
  for (let round = 0; round < 100; round += 1) {
    const at = (await topOf('backlog')).indexOf(id)
    if (at > 0) return
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)))
  }
  throw new Error('the card was dragged, but is where it was')
}

const profile = await seed()
const host = await startHost({ cli: resolve('out/headless/cli.js'), args: ['serve', '--profile', profile, '--port', '0'], env: { OPENAI_API_KEY: 'key', OPENAI_BASE_URL: 'http://127.0.0.1:9/v1', TRESTLE_MODEL: 'openai/bench' } })
const browser = await openBrowser()
const open = async (page: Page): Promise<number> => {
  await page.goto(`${host.ready.url}&/tasks`)
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
await scrollThrough(page, '[data-column="backlog"] [data-column-scroll]', 600)
const scrolled = await longTasks(page, beforeScroll)
await scrollThrough(page, '[data-column="backlog"] [data-column-scroll]', -6_000)
const beforeDrag = await now(page)
await isMoved(await dragAround(page))
const dragged = await longTasks(page, beforeDrag)
const heap = await heapMegabytes(cdp)
await browser.close()
await host.stop()
await rm(profile, { recursive: true, force: true })

report({ name: 'board-2k.open', value: median(times), unit: 'ms' })
report({ name: 'board-2k.scroll.longest-task', value: worst(scrolled), unit: 'ms' })
report({ name: 'board-2k.drag.longest-task', value: worst(dragged), unit: 'ms' })
report({ name: 'board-2k.drag.long-tasks', value: dragged.length, unit: 'tasks over 50 ms' })
report({ name: 'board-2k.heap', value: heap, unit: 'MB' })
