import { ORPCError } from '@orpc/client'
import { expect, test } from 'vitest'
import { backOffMs, type Channel, createConnection, NotConnectedError, RefusedError } from './connection'

type Answer = () => Promise<unknown>

function openChannel(answer: Answer = async () => 'answer') {
  let end: () => void = () => undefined
  const closed = new Promise<void>((resolve) => (end = resolve))
  const channel: Channel = { link: { call: answer }, closed, close: () => end() }
  return { channel, drop: async () => { end(); await settle() } }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve()
}

function harness(...results: readonly (Channel | Error)[]) {
  const waits: { ms: number; fire: () => void }[] = []
  const patience: (() => void)[] = []
  const left = [...results]
  let attempts = 0
  const connection = createConnection({
    connect: async () => {
      attempts += 1
      const next = left.shift()
      if (next === undefined) throw new Error('server away')
      if (next instanceof Error) throw next
      return next
    },
    after: (ms, callback) => {
      if (ms === 3000) {
        patience.push(callback)
        return () => void patience.splice(patience.indexOf(callback), 1)
      }
      const wait = { ms, fire: () => { waits.splice(waits.indexOf(wait), 1); callback() } }
      waits.push(wait)
      return () => void waits.splice(waits.indexOf(wait), 1)
    },
    random: () => 1,
  })
  const call = () => connection.link.call(['a'], {}, { context: {} })
  return { connection, waits, call, attempts: () => attempts, losePatience: () => { for (const callback of [...patience]) callback() } }
}

test('calls go over the channel that is open', async () => {
  const { connection, call } = harness(openChannel().channel)
  expect(connection.state.get()).toBe('connecting')
  await settle()
  expect(connection.state.get()).toBe('open')
  expect(await call()).toBe('answer')
})

test('a call that is made while Trestle starts anew goes over the next channel', async () => {
  const first = openChannel()
  const { call, waits, losePatience } = harness(first.channel, new Error('away'), openChannel(async () => 'from the next').channel)
  await settle()
  await first.drop()
  const pressed = call()
  waits[0]?.fire()
  await settle()
  waits[0]?.fire()
  expect(await pressed).toBe('from the next')
  losePatience()
  expect(await call()).toBe('from the next')
})

test('calls wait only for a moment while there is no channel, then they fail at once', async () => {
  const { call, losePatience } = harness()
  const early = call()
  await settle()
  losePatience()
  await expect(early).rejects.toBeInstanceOf(NotConnectedError)
  await expect(call()).rejects.toBeInstanceOf(NotConnectedError)
})

test('a call that was given up while it waited is not made', async () => {
  let made = 0
  const { connection, waits } = harness(new Error('away'), openChannel(async () => { made += 1 }).channel)
  const control = new AbortController()
  const waiting = connection.link.call(['a'], {}, { context: {}, signal: control.signal })
  await settle()
  control.abort()
  waits[0]?.fire()
  await expect(waiting).rejects.toThrow('aborted')
  expect(made).toBe(0)
})

test('a lost channel is replaced after a wait, and the waits grow until it works again', async () => {
  const first = openChannel()
  const { connection, waits, attempts } = harness(first.channel, new Error('away'), new Error('away'), openChannel().channel)
  await settle()
  await first.drop()
  expect(connection.state.get()).toBe('offline')
  const seen: number[] = []
  while (connection.state.get() === 'offline') {
    seen.push(waits[0]?.ms ?? -1)
    waits[0]?.fire()
    await settle()
  }
  expect(seen).toEqual([250, 500, 1000])
  expect(connection.state.get()).toBe('open')
  expect(attempts()).toBe(4)
})

test('an answer that is lost with the channel is told as not connected, an answer of the server as it is', async () => {
  const refused = new ORPCError('CONFLICT', { message: 'busy' })
  let fail: (error: Error) => void = () => undefined
  const lost = openChannel(() => new Promise((_resolve, reject) => (fail = reject)))
  const { call, waits } = harness(lost.channel, openChannel(async () => { throw refused }).channel)
  await settle()
  const pending = call()
  await lost.drop()
  fail(new Error('aborted'))
  await expect(pending).rejects.toBeInstanceOf(NotConnectedError)
  waits[0]?.fire()
  await settle()
  await expect(call()).rejects.toBe(refused)
})

test('a refused token ends all trying', async () => {
  const { connection, waits, call } = harness(new RefusedError('no'))
  await expect(call()).rejects.toBeInstanceOf(NotConnectedError)
  expect(connection.state.get()).toBe('refused')
  connection.retryNow()
  expect(waits).toEqual([])
})

test('retryNow does not wait, and does nothing while connected', async () => {
  const { connection, waits, attempts } = harness(new Error('away'), openChannel().channel)
  await settle()
  expect(waits).toHaveLength(1)
  connection.retryNow()
  await settle()
  expect([connection.state.get(), waits.length, attempts()]).toEqual(['open', 0, 2])
  connection.retryNow()
  await settle()
  expect(attempts()).toBe(2)
})

test('a channel that opens after dispose is closed, and nothing is tried again', async () => {
  const late = openChannel()
  let isClosed = false
  const { connection, waits } = harness({ ...late.channel, close: () => { isClosed = true } })
  connection.dispose()
  await settle()
  expect([isClosed, waits.length]).toEqual([true, 0])
})

test('the wait is bounded and never zero', () => {
  const waits = Array.from({ length: 2_000 }, (_item, attempt) => backOffMs(attempt, 0))
  expect([Math.min(...waits), Math.max(...waits)]).toEqual([125, 2500])
  expect(backOffMs(1_000_000, 1)).toBe(5_000)
})
