import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { startHost } from '../../src/main/hosts/headless/testing/host-process'
import { heapMegabytes, longTasks, now, openBrowser, openPage, scrollThrough } from './browser'
import { conversation } from './messages'
import { seedProfile } from './seed'
const { profile, sessionId } = await seedProfile(conversation(10_000))
const host = await startHost({ cli: resolve('out/headless/cli.js'), args: ['serve', '--profile', profile, '--port', '0'], env: { OPENAI_API_KEY: 'key', OPENAI_BASE_URL: 'http://127.0.0.1:9/v1', TRESTLE_MODEL: 'openai/bench' } })
const browser = await openBrowser()
for (let i = 0; i < 3; i++) {
  const { page } = await openPage(browser)
  await page.goto(`${host.ready.url}&/session/${sessionId}`)
  const t = await page.evaluate(() => new Promise((done) => { const look = () => { const s = document.querySelector('[aria-label="Messages"]'); if (!s || !/Turn 2499 is done/.test(s.textContent ?? '')) return void requestAnimationFrame(look); requestAnimationFrame(() => setTimeout(() => done(performance.now()), 0)) }; look() }))
  console.log('open', t, JSON.stringify(await longTasks(page)), await page.evaluate(() => JSON.stringify(performance.getEntriesByType('resource').map((r) => [r.name.split('/').pop(), Math.round(r.startTime), Math.round(r.duration)]).slice(0, 12))))
  await page.context().close()
}
const { page, cdp } = await openPage(browser)
await page.goto(`${host.ready.url}&/session/${sessionId}`)
await page.waitForTimeout(3000)
const since = await now(page)
await cdp.send('Profiler.enable'); await cdp.send('Profiler.setSamplingInterval', { interval: 500 }); await cdp.send('Profiler.start')
const t0 = Date.now()
console.log('frames up', await scrollThrough(page, '[aria-label="Messages"]', -900), Date.now() - t0)
console.log(await page.evaluate(() => { const s = document.querySelector('[aria-label="Messages"]')!; return [s.scrollHeight, s.scrollTop, s.textContent?.slice(0, 80)] }))
const up = await longTasks(page, since)
console.log('up', up.length, Math.max(0, ...up.map((t) => t.ms)), up.slice(0, 20).map((t) => `${Math.round(t.at)}:${t.ms}`).join(' '))
const { profile: cpu } = await cdp.send('Profiler.stop')
await writeFile('/tmp/chat-x/up.cpuprofile', JSON.stringify(cpu))
const s2 = await now(page)
console.log('frames down', await scrollThrough(page, '[aria-label="Messages"]', 900))
const down = await longTasks(page, s2)
console.log('down', down.length, Math.max(0, ...down.map((t) => t.ms)), 'heap', await heapMegabytes(cdp))
await browser.close(); await host.stop()
