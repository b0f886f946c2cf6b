import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFakeEvents, modelsUpdate } from '../testing/fake-events'
import { startTestServer, TOKEN, type TestServer, type TestSocket } from '../testing/start-server'

let server: TestServer

beforeEach(async () => {
  server = await startTestServer()
})
afterEach(() => server.close())

const failed = (code: string) => expect.objectContaining({ type: 'error', code, message: expect.any(String), retryable: expect.any(Boolean), traceId: expect.any(String) })

async function authenticated(): Promise<TestSocket> {
  const stream = server.connect('/ws/stream')
  await stream.opened
  stream.send({ type: 'auth', token: TOKEN })
  expect(await stream.next()).toEqual({ type: 'authenticated' })
  return stream
}

async function subscribed(command: Record<string, unknown>): Promise<TestSocket> {
  const stream = await authenticated()
  stream.send({ type: 'subscribe', ...command })
  expect(await stream.next()).toMatchObject({ topic: 'stream.open', reset: false })
  return stream
}

describe('the event stream', () => {
  it('sends events after the token came in the first message', async () => {
    const stream = await subscribed({})
    server.events.publish(modelsUpdate(1))
    expect(await stream.next()).toEqual(modelsUpdate(1))
  })

  it.each([
    ['a bearer header', { headers: { authorization: `Bearer ${TOKEN}` } }],
    ['a subprotocol', { protocols: ['trestle', `token.${TOKEN}`] }],
  ])('takes the token from %s as well', async (_name, options) => {
    const stream = server.connect('/ws/stream', options)
    await stream.opened
    expect(await stream.next()).toEqual({ type: 'authenticated' })
    stream.send({ type: 'subscribe', topics: ['models.update'] })
    expect(await stream.next()).toEqual({ topic: 'stream.open', seq: 0, reset: false })
  })

  it('goes on after the position a client has seen', async () => {
    for (const seq of [1, 2, 3]) server.events.publish(modelsUpdate(seq))
    const stream = await subscribed({ since: 1 })
    expect([await stream.next(), await stream.next()]).toEqual([modelsUpdate(2), modelsUpdate(3)])
  })

  it('knows topics by their names with colons too, and refuses others by name', async () => {
    const stream = await subscribed({ topics: ['models:update'] })
    server.events.publish(modelsUpdate(1))
    expect(await stream.next()).toEqual(modelsUpdate(1))
    stream.send({ type: 'subscribe', topics: ['no.such.topic'] })
    expect(await stream.next()).toEqual(failed('INVALID_PARAMETERS'))
  })

  it('replaces a subscription by the next one, and ends it when asked', async () => {
    const stream = await subscribed({ topics: ['run.update'] })
    stream.send({ type: 'subscribe', topics: ['models.update'] })
    expect(await stream.next()).toMatchObject({ topic: 'stream.open' })
    expect(server.events.open).toBe(1)
    stream.send({ type: 'unsubscribe' })
    expect(await stream.next()).toEqual({ type: 'unsubscribed' })
    expect(server.events.open).toBe(0)
    stream.send({ type: 'ping' })
    expect(await stream.next()).toEqual({ type: 'pong' })
  })

  it('ends its subscription when the client leaves', async () => {
    const stream = await subscribed({})
    stream.socket.terminate()
    await server.events.idle()
    expect(server.events.open).toBe(0)
  })
})

describe('a client without the token', () => {
  it.each([
    ['a wrong token', { type: 'auth', token: 'the-wrong-token-of-this-test' }],
    ['a command before the token', { type: 'subscribe' }],
  ])('is refused after %s', async (_name, message) => {
    const stream = server.connect('/ws/stream')
    await stream.opened
    stream.send(message)
    expect([await stream.next(), await stream.closed]).toEqual([failed('AUTHENTICATION_ERROR'), 4401])
  })

  it('is refused when its header has a wrong one', async () => {
    const stream = server.connect('/ws/stream', { headers: { authorization: 'Bearer the-wrong-token-of-this-test' } })
    expect([await stream.next(), await stream.closed]).toEqual([failed('AUTHENTICATION_ERROR'), 4401])
  })

  it('is refused when it says nothing for 5 s', async () => {
    const stream = server.connect('/ws/stream')
    await stream.opened
    server.clock.advance(5000)
    expect([await stream.next(), await stream.closed]).toEqual([failed('AUTHENTICATION_ERROR'), 4401])
  })

  it('is cut off when the token is revoked', async () => {
    const stream = await subscribed({})
    const rpc = server.connect('/ws', { protocols: ['trestle', `token.${TOKEN}`] })
    await rpc.opened
    server.credentials.revoke()
    expect([await stream.next(), await stream.closed, await rpc.closed]).toEqual([failed('AUTHENTICATION_ERROR'), 4401, 4401])
    await server.events.idle()
  })
})

describe('a client that misbehaves', () => {
  it('is told what was wrong, five times, then closed', async () => {
    const stream = await authenticated()
    const junk = ['{"type":', '[]', '{"type":"agent:command"}', '{"type":"subscribe","since":-1}', Buffer.from([1, 2, 3])]
    for (const message of junk) stream.send(message)
    for (const _message of junk) expect(await stream.next()).toEqual(failed('INVALID_PARAMETERS'))
    expect(await stream.closed).toBe(1008)
    expect(server.bugs).toEqual([])
  })

  it('is closed for messages without end', async () => {
    const stream = await authenticated()
    stream.send('x'.repeat(20_000))
    expect(await stream.closed).toBe(1009)
  })

  it('is closed when it floods', async () => {
    const stream = await authenticated()
    for (let count = 0; count < 70; count += 1) stream.send({ type: 'ping' })
    expect(await stream.closed).toBe(1008)
  })

  it('is cut when it answers no pings', async () => {
    const stream = server.connect('/ws/stream', { headers: { authorization: `Bearer ${TOKEN}` } })
    await stream.opened
    stream.socket.pong = () => {}
    server.clock.advance(30_000)
    await once(stream.socket, 'ping')
    server.clock.advance(30_000)
    expect(await stream.closed).toBe(1006)
  })
})

describe('a client that reads slowly', () => {
  it('holds back the source instead of filling our memory', async () => {
    const events = createFakeEvents({ endless: true })
    const own = await startTestServer({ events })
    const stream = own.connect('/ws/stream', { headers: { authorization: `Bearer ${TOKEN}` } })
    await stream.opened
    stream.send({ type: 'subscribe' })
    stream.socket.pause()
    // The source is endless: that it settles at all is the back-pressure.
    let seen = -1
    while (seen !== events.taken) {
      seen = events.taken
      for (let turn = 0; turn < 2000; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    }
    expect(events.taken * 10_000).toBeLessThan(20_000_000)
    const before = events.taken
    stream.socket.resume()
    while (events.taken < before + 500) await stream.next()
    await own.close()
  })
})
