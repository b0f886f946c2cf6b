import type { Page } from '@playwright/test'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, watch, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { startHost } from '../../src/main/hosts/headless/testing/host-process'
import { longTasks, now, openBrowser, openPage, scrollThrough, worst } from '../chat/browser'
import { median } from '../median'
import { report } from '../report'

const FOLDERS = 1_000
const FILES = 100
const ROUNDS = 5
const CHANGES = 21
const WANTED = 'module-0500/file-050'

/** 100,000 files in 1,000 folders, ten levels of them side by side with deep ones. */
function makeTree(): { readonly base: string; readonly root: string } {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'trestle-bench-tree-')))
  const root = join(base, 'work')
  for (let folder = 0; folder < FOLDERS; folder += 1) {
    const path = join(root, `area-${folder % 10}`, `module-${String(folder).padStart(4, '0')}`)
    mkdirSync(path, { recursive: true })
    for (let file = 0; file < FILES; file += 1) writeFileSync(join(path, `file-${String(file).padStart(3, '0')}.ts`), '')
  }
  return { base, root }
}

interface Opened {
  readonly shownMs: number
  readonly filteredMs: number
}

/** From the press on Files until the tree is there, and until a filter over all files has its answer. */
const openTree = (page: Page): Promise<Opened> => page.evaluate(({ wanted, total }) => new Promise<Opened>((done) => {
  const tab = [...document.querySelectorAll<HTMLElement>('[role="tab"]')].find((element) => element.textContent === 'Files')
  const started = performance.now()
  tab?.dispatchEvent(new MouseEvent('mousedown', { bubbles: true, button: 0 }))
  let shownMs = 0
  const look = () => {
    requestAnimationFrame(look)
    if (shownMs === 0) {
      if (document.querySelector('[role="treeitem"]') === null) return
      shownMs = performance.now() - started
      const field = document.querySelector<HTMLInputElement>('[aria-label="Filter files"]')
      if (field === null) return
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, wanted)
      field.dispatchEvent(new Event('input', { bubbles: true }))
      return
    }
    const told = [...document.querySelectorAll('[role="status"]')].some((element) => element.textContent.endsWith(`of ${total} files`))
    if (told && document.querySelector('[role="treeitem"][aria-level="3"]') !== null) done({ shownMs, filteredMs: performance.now() - started })
  }
  look()
}), { wanted: WANTED, total: (FOLDERS * FILES).toLocaleString('en-US') })

/** When the page shows an item of this name, on the clock of the machine. */
const whenShown = (page: Page, name: string): Promise<number> => page.evaluate((wanted) => new Promise<number>((done) => {
  const look = () => (document.querySelector(`[role="treeitem"][aria-label^="${wanted}"]`) === null ? void requestAnimationFrame(look) : done(performance.timeOrigin + performance.now()))
  look()
}), name)

const clock = () => performance.timeOrigin + performance.now()

/** What a change costs at least: the system tells of it in the process that asked. */
async function bareWatch(folder: string, index: number): Promise<number> {
  const watcher = watch(folder)
  const told = once(watcher, 'change')
  const started = performance.now()
  writeFileSync(join(folder, `bare-${index}`), '')
  await told
  const took = performance.now() - started
  watcher.close()
  return took
}

function bareListing(root: string): number {
  const started = performance.now()
  const paths = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  if (paths.filter((path) => path.toLowerCase().includes(WANTED)).length !== 1) throw new Error('the tree is not as expected')
  return performance.now() - started
}

const { base, root } = makeTree()
const env = { OPENAI_API_KEY: 'key', OPENAI_BASE_URL: 'http://127.0.0.1:9/v1', TRESTLE_MODEL: 'openai/bench' }
const serve = (round: number) => startHost({ cli: resolve('out/headless/cli.js'), args: ['serve', '--profile', join(base, `profile-${round}`), '--workspace', root, '--trust', '--port', '0'], env })
const browser = await openBrowser()
const opened: Opened[] = []
const bare: number[] = []
for (let round = 0; round < ROUNDS; round += 1) {
  bare.push(bareListing(root))
  // A host of its own each time: nothing is listed before it is asked for.
  const host = await serve(round)
  const { page } = await openPage(browser)
  await page.goto(host.ready.url)
  await page.getByRole('tab', { name: 'Files', exact: true }).waitFor()
  opened.push(await openTree(page))
  await page.context().close()
  await host.stop()
}
report({ name: 'tree-100k.shown', value: median(opened.map(({ shownMs }) => shownMs)), unit: 'ms' })
report({ name: 'tree-100k.filtered', value: median(opened.map(({ filteredMs }) => filteredMs)), unit: 'ms', peer: 'readdir and includes in Node', peerValue: median(bare) })

const host = await serve(ROUNDS)
const { page } = await openPage(browser)
await page.goto(host.ready.url)
await page.getByRole('tab', { name: 'Files', exact: true }).click()
await page.getByRole('treeitem', { name: 'area-0' }).waitFor()
await page.getByRole('searchbox', { name: 'Filter files' }).fill(WANTED)
await page.getByText('of 100,000 files').waitFor()
await page.getByRole('searchbox', { name: 'Filter files' }).fill('')
const changes: number[] = []
const bareChanges: number[] = []
for (let index = 0; index < CHANGES; index += 1) {
  const shown = whenShown(page, `!change-${index}`)
  const started = clock()
  writeFileSync(join(root, `!change-${index}`), '')
  changes.push((await shown) - started)
  bareChanges.push(await bareWatch(join(root, 'area-0', 'module-0000'), index))
}
report({ name: 'tree-100k.change', value: median(changes), unit: 'ms', peer: 'fs.watch in Node', peerValue: median(bareChanges) })
report({ name: 'tree-100k.change.worst', value: Math.max(...changes), unit: 'ms' })

for (const folder of ['area-0', 'module-0000']) await page.getByRole('treeitem', { name: folder, exact: true }).click()
const since = await now(page)
await scrollThrough(page, '[role="tree"]', 600)
report({ name: 'tree-100k.scroll.worst-task', value: worst(await longTasks(page, since)), unit: 'ms' })
await browser.close()
await host.stop()
rmSync(base, { recursive: true, force: true })
