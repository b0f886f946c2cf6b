import { gzipSync } from 'node:zlib'
import { expect, test } from './fixtures'

test('the page loads, keeps to its security policy, and takes the token out of its address', async ({ page, host }) => {
  await expect(page).toHaveTitle('Trestle')
  await expect(page.locator('#root > *').first()).toBeVisible()
  await expect.poll(() => page.url()).toBe(new URL('/', host.ready.url).href)
  expect(await page.evaluate(() => document.body.innerHTML)).not.toContain(host.ready.token)
})

test('the page can do nothing but talk to its own host', async ({ page, complaints }) => {
  const reached = await page.evaluate(async () => {
    const outside = await fetch('https://example.com/').then(() => 'reached', () => 'blocked')
    const script = document.createElement('script')
    script.textContent = 'window.injected = true'
    document.body.append(script)
    return [outside, 'injected' in window]
  })
  expect(reached).toEqual(['blocked', false])
  // Both were told on the console; here that is what should happen.
  expect(complaints.splice(0).length).toBeGreaterThan(0)
})

test('a script gets an answer of the agent over REST', async ({ api, model }) => {
  model.reply({ text: 'Hello from the model.' })
  const answer = await api.post('/agents/execute', { instruction: 'Say hello' })
  expect(answer).toEqual({ status: 200, body: { text: 'Hello from the model.', runId: expect.any(String), sessionId: expect.any(String), usage: expect.any(Object) } })
  expect(model.requests).toHaveLength(1)
})

test('a host that was killed or restarted is found again at the same address', async ({ api, host, model }) => {
  model.reply({ text: 'Kept.' })
  const { body } = await api.post('/agents/execute', { instruction: 'Say something' })
  await host.kill()
  await host.start()
  const kept = await api.get(`/runs/${body.runId}`)
  await host.restart()
  expect([kept.body.state, (await api.get(`/runs/${body.runId}`)).body]).toEqual(['completed', kept.body])
})

test('the first screen is small, and no view beyond the conversation is in it', async ({ app, page }) => {
  const loaded = new Map<string, Promise<number>>()
  page.on('response', (response) => {
    const name = new URL(response.url()).pathname.split('/').at(-1) ?? ''
    if (/\.(js|css)$/.test(name)) loaded.set(name, response.body().then((body) => gzipSync(body).length))
  })
  await page.reload()
  await expect(page.getByText(/^Ready to work in/)).toBeVisible()
  await app.newSession()
  await page.waitForLoadState('networkidle')
  const sizes = await Promise.all(loaded.values())
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(350_000)
  expect([...loaded.keys()].filter((name) => /monaco|editor\.worker|tasks-view|schedules-view|settings-dialog|palette|file-tree|terminal/.test(name))).toEqual([])
})
