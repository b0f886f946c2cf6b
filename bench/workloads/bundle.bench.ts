import { readdir, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { startHost } from '../../src/main/hosts/headless/testing/host-process'
import { openBrowser, openPage } from '../chat/browser'
import { conversation } from '../chat/messages'
import { startNaive } from '../chat/naive-server'
import { seedProfile } from '../chat/seed'
import { report } from '../report'
import { rm } from 'node:fs/promises'

const assets = resolve('out/renderer/assets')
const zipped = async (path: string): Promise<number> => gzipSync(await readFile(path), { level: 9 }).length / 1000

/** What the window loads until a conversation with code and tables is shown and nothing more comes; editors are not opened. */
async function filesOf(url: string): Promise<readonly string[]> {
  const browser = await openBrowser()
  const { page } = await openPage(browser)
  const names = new Set<string>()
  page.on('request', (request) => {
    const { pathname } = new URL(request.url())
    if (/\.(js|css)$/.test(pathname)) names.add(pathname.split('/').at(-1) ?? '')
  })
  await page.goto(url)
  await page.getByRole('feed').getByRole('article').last().waitFor()
  await page.waitForLoadState('networkidle')
  await browser.close()
  return [...names]
}

const { profile, sessionId } = await seedProfile(conversation(200))
const host = await startHost({ cli: resolve('out/headless/cli.js'), args: ['serve', '--profile', profile, '--port', '0'], env: { OPENAI_API_KEY: 'key', OPENAI_BASE_URL: 'http://127.0.0.1:9/v1', TRESTLE_MODEL: 'openai/bench' } })
const loaded = await filesOf(`${host.ready.url}&/session/${sessionId}`)
await host.stop()
await rm(profile, { recursive: true, force: true })

// The thread that colours code is no part of the first screen: it comes after it, and only where there is code.
const isLater = (name: string): boolean => name.startsWith('highlight.worker')
const languages = await languageFiles()
const first = loaded.filter((name) => !isLater(name) && !languages.has(name))
const sizes = await Promise.all(first.map((name) => zipped(resolve(assets, name))))

/** Files that only the thread imports. */
async function languageFiles(): Promise<ReadonlySet<string>> {
  const all = await readdir(assets)
  const worker = all.find(isLater)
  const text = worker === undefined ? '' : await readFile(resolve(assets, worker), 'utf8')
  return new Set(all.filter((name) => text.includes(name)))
}

const naive = await startNaive(conversation(200), (response) => response.end())
const naiveSizes = await Promise.all((await readdir(naive.assets)).map((name) => zipped(resolve(naive.assets, name))))
await naive.close()
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
report({ name: 'bundle.first-screen', value: sum(sizes), unit: 'kB gzip', peer: 'react-markdown, no virtualisation, nothing but the messages', peerValue: sum(naiveSizes) })
report({ name: 'bundle.editor-before-it-opens', value: loaded.filter((name) => /monaco|editor\.worker/.test(name)).length, unit: 'files' })
