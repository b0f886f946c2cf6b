import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { listenOn } from './listen'
import { startTestServer, type TestServer } from './testing/start-server'
import { createCredentials } from './server/credentials'
import { createHttpServer, type HttpServer } from './server/http-server'
import { rateProfiles } from './server/rate-limiter'

const open: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

async function freshServer(): Promise<HttpServer> {
  const base: TestServer = await startTestServer()
  open.push(() => base.close())
  const events = base.events
  const { createFakeRouter } = await import('./testing/fake-router')
  const server = createHttpServer({
    router: createFakeRouter(events), events, isReady: () => true, credentials: createCredentials('x'.repeat(16)), onLogin: () => undefined, rates: rateProfiles, clock: base.clock,
    version: '0', windowRoot: '/', reportBug: () => {},
  })
  open.push(() => server.close())
  return server
}

async function takenPort(port = 0): Promise<number | null> {
  const blocker = createServer()
  blocker.listen(port, '127.0.0.1')
  try {
    await once(blocker, 'listening')
  } catch {
    return port
  }
  open.push(() => new Promise((resolve) => blocker.close(resolve)))
  const address = blocker.address()
  return typeof address === 'object' ? address?.port ?? null : null
}

describe('the port', () => {
  it('is any free one when 0 is asked for', async () => {
    expect(await listenOn(await freshServer(), { port: 0, host: '127.0.0.1' }, () => {})).toBeGreaterThan(0)
  })

  it('is another one when the usual one is taken, and that is said', async () => {
    await takenPort(8080)
    const said: string[] = []
    const port = await listenOn(await freshServer(), { port: null, host: '127.0.0.1' }, (line) => said.push(line))
    expect(said).toEqual([`port 8080 is taken, so this is on ${port}`])
    expect(port).not.toBe(8080)
  })

  it('is an error when the one that was asked for is taken', async () => {
    const port = await takenPort()
    await expect(listenOn(await freshServer(), { port, host: '127.0.0.1' }, () => {})).rejects.toMatchObject({ code: 'CONFLICT', message: `Port ${port} is taken. Choose another with --port, or 0 for any.` })
  })

  it('is an error on an address of another machine', async () => {
    await expect(listenOn(await freshServer(), { port: 0, host: '192.0.2.1' }, () => {})).rejects.toMatchObject({ code: 'INVALID_PARAMETERS' })
  })
})
