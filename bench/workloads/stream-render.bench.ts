import type { Page } from '@playwright/test'
import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { startHost } from '../../src/main/hosts/headless/testing/host-process'
import { heapMegabytes, longTasks, now, openBrowser, openPage, worst } from '../chat/browser'
import { lastWords, pace, replyOf, startMarkdownModel } from '../chat/markdown-model'
import { conversation } from '../chat/messages'
import { startNaive } from '../chat/naive-server'
import { seedProfile } from '../chat/seed'
import { report } from '../report'

const COUNT = 10_000
const TOKENS = 50_000
const PER_SECOND = 1_000
/** The peer is given up after this long. */
const PATIENCE_MS = 240_000

interface Figures {
  readonly worstMs: number
  readonly longCount: number
  readonly heap: number
  readonly lost: number
  readonly seconds: number
}

/** What the page did from a second after the first token until all of the reply was shown. */
async function measure(open: (page: Page) => Promise<void>, finish: (page: Page) => Promise<number>): Promise<Figures> {
  const browser = await openBrowser()
  const { page, cdp } = await openPage(browser)
  await open(page)
  const began = await now(page)
  const lost = await finish(page)
  const ended = await now(page)
  const tasks = await longTasks(page, began + 1_000)
  const heap = await heapMegabytes(cdp)
  await browser.close()
  return { worstMs: worst(tasks), longCount: tasks.length, heap, lost, seconds: (ended - began) / 1000 }
}

const payloads = conversation(COUNT)
const pieces = replyOf(TOKENS)
const text = pieces.join('')

const model = await startMarkdownModel(pieces, PER_SECOND)
const { profile, sessionId } = await seedProfile(payloads, { summarised: true })
const host = await startHost({ cli: resolve('out/headless/cli.js'), args: ['serve', '--profile', profile, '--port', '0'], env: { OPENAI_API_KEY: 'key', OPENAI_BASE_URL: model.url, TRESTLE_MODEL: 'openai/bench' } })
const api = async (path: string): Promise<unknown> => (await fetch(`${host.ready.api}${path}`, { headers: { authorization: `Bearer ${host.ready.token}` } })).json()

const ours = await measure(async (page) => {
  await page.goto(`${host.ready.url}&/session/${sessionId}`)
  await page.getByRole('feed').getByText(`Turn ${COUNT / 4 - 1} is done.`).waitFor()
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill('Write a long reply')
  // Ready only once the models are known; Enter before that sends nothing.
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await page.locator('article[aria-busy="true"]').first().waitFor()
}, async (page) => {
  await page.locator('article[aria-busy="true"]').first().waitFor({ state: 'detached' })
  // What is shown last is the end of the reply, and what is on record is the whole of it.
  await page.getByRole('feed').getByText(lastWords).last().waitFor()
  const { items } = (await api(`/sessions/${sessionId}/entries?limit=1`)) as { items: { payload: { text: string } }[] }
  return text.length - (items[0]?.payload.text.length ?? 0)
})
await host.stop()
model.close()
await rm(profile, { recursive: true, force: true })

const naive = await startNaive(payloads, (response) => void response.on('close', pace(pieces, PER_SECOND, (piece) => void response.write(piece), () => void response.end())))
const peers = await measure(async (page) => {
  await page.goto(naive.url)
  await page.waitForFunction(() => 'startStream' in window)
  await page.evaluate(() => void (window as unknown as { startStream(): void }).startStream())
}, (page) =>
  page.waitForFunction(() => (window as unknown as { streamed?: number }).streamed, undefined, { timeout: PATIENCE_MS })
    .then(async (shown) => text.length - ((await shown.jsonValue()) ?? 0), () => Number.NaN))
await naive.close()

const peer = 'react-markdown, no virtualisation'
report({ name: 'stream-render.longest-task', value: ours.worstMs, unit: 'ms', peer, peerValue: peers.worstMs })
report({ name: 'stream-render.long-tasks', value: ours.longCount, unit: 'tasks over 50 ms', peer, peerValue: peers.longCount })
report({ name: 'stream-render.lost', value: ours.lost, unit: 'characters' })
report({ name: 'stream-render.time', value: ours.seconds, unit: 's', peer, peerValue: peers.seconds })
report({ name: 'stream-render.heap', value: ours.heap, unit: 'MB', peer, peerValue: peers.heap })
