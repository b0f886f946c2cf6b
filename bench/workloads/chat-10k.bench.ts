import type { Page } from '@playwright/test'
import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { startHost } from '../../src/main/hosts/headless/testing/host-process'
import { heapMegabytes, longTasks, now, openBrowser, openPage, scrollThrough, worst } from '../chat/browser'
import { conversation } from '../chat/messages'
import { startNaive } from '../chat/naive-server'
import { seedProfile } from '../chat/seed'
import { median } from '../median'
import { report } from '../report'

const COUNT = 10_000
const ROUNDS = 5
/** More than a window's height a frame: what a flung wheel does. */
const STEP = 900
const LAST = `Turn ${COUNT / 4 - 1} is done.`

/** From the start of the load until the newest message is shown and the next input would be taken at once. */
const interactive = (page: Page, text: string): Promise<number> =>
  page.evaluate((text) => new Promise<number>((done) => {
    const look = () => {
      const scroller = document.querySelector('[aria-label="Messages"], #scroller')
      const isShown = [...(scroller?.querySelectorAll('article') ?? [])].slice(-3).some((article) => article.textContent?.includes(text) === true)
      if (!isShown) return void requestAnimationFrame(look)
      requestAnimationFrame(() => setTimeout(() => done(performance.now()), 0))
    }
    look()
  }), text)

interface Figures {
  readonly openMs: number
  readonly worstMs: number
  readonly longCount: number
  readonly heap: number
}

async function measure(open: (page: Page) => Promise<void>, scroller: string, rounds: number): Promise<Figures> {
  const browser = await openBrowser()
  const times: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const { page } = await openPage(browser)
    await open(page)
    times.push(await interactive(page, LAST))
    await page.context().close()
  }
  const { page, cdp } = await openPage(browser)
  await open(page)
  await interactive(page, LAST)
  const since = await now(page)
  await scrollThrough(page, scroller, -STEP)
  await scrollThrough(page, scroller, STEP)
  const tasks = await longTasks(page, since)
  const heap = await heapMegabytes(cdp)
  await browser.close()
  return { openMs: median(times), worstMs: worst(tasks), longCount: tasks.length, heap }
}

/** From the press on the session in the list of a window that is there already. */
async function openFromList(): Promise<number> {
  const browser = await openBrowser()
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const { page } = await openPage(browser)
    await page.goto(host.ready.url)
    const row = page.getByRole('navigation', { name: 'Sessions' }).getByText('A long conversation')
    await row.waitFor()
    await page.waitForLoadState('networkidle')
    const started = await now(page)
    await row.click()
    times.push((await interactive(page, LAST)) - started)
    await page.context().close()
  }
  await browser.close()
  return median(times)
}

const payloads = conversation(COUNT)
const { profile, sessionId } = await seedProfile(payloads)
const host = await startHost({ cli: resolve('out/headless/cli.js'), args: ['serve', '--profile', profile, '--port', '0'], env: { OPENAI_API_KEY: 'key', OPENAI_BASE_URL: 'http://127.0.0.1:9/v1', TRESTLE_MODEL: 'openai/bench' } })
const ours = await measure(async (page) => {
  await page.goto(`${host.ready.url}&/session/${sessionId}`)
}, '[aria-label="Messages"]', ROUNDS)
const pressed = await openFromList()
await host.stop()
await rm(profile, { recursive: true, force: true })

const naive = await startNaive(payloads, (response) => response.end())
const peers = await measure(async (page) => void (await page.goto(naive.url)), '#scroller', 1)
await naive.close()

const peer = 'react-markdown, no virtualisation'
report({ name: 'chat-10k.open', value: pressed, unit: 'ms' })
report({ name: 'chat-10k.load', value: ours.openMs, unit: 'ms', peer, peerValue: peers.openMs })
report({ name: 'chat-10k.scroll.longest-task', value: ours.worstMs, unit: 'ms', peer, peerValue: peers.worstMs })
report({ name: 'chat-10k.scroll.long-tasks', value: ours.longCount, unit: 'tasks over 50 ms', peer, peerValue: peers.longCount })
report({ name: 'chat-10k.heap', value: ours.heap, unit: 'MB', peer, peerValue: peers.heap })
