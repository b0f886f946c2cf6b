import { expect, test } from 'vitest'
import type { EventEnvelope, StreamMessage, SubscribeInput } from '#contract/events'
import type { ConnectionState } from './connection'
import { startEventBridge } from './event-bridge'
import { createStore } from './external-store'
import { deferred } from './testing/deferred'

function notice(seq: number): EventEnvelope {
  return { topic: 'system.notice', seq, at: 0, sessionId: null, runId: null, traceId: 't', payload: { id: `n${seq}`, level: 'info', text: 'x' } }
}
const opened = (seq: number, reset = false): StreamMessage => ({ topic: 'stream.open', seq, reset })

/** Plays one list of messages per subscription; a stream ends after its list, the last one stays open. */
function harness(streams: readonly (readonly StreamMessage[] | Error)[]) {
  const log: string[] = []
  const inputs: SubscribeInput[] = []
  const connection = createStore<ConnectionState>('open')
  const idle = deferred<void>()
  const left = [...streams]
  const stop = startEventBridge({
    connection,
    subscribe: async (input, { signal }) => {
      inputs.push(input)
      const messages = left.shift()
      if (messages instanceof Error) throw messages
      return (async function* () {
        yield* messages ?? []
        if (left.length > 0) return
        idle.resolve()
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
      })()
    },
    onEvent: (event) => log.push(`event ${event.seq}`),
    onReady: () => log.push('ready'),
    onReset: () => log.push('reset'),
    onResume: () => log.push('resume'),
    pause: async (ms) => void log.push(`pause ${ms}`),
  })
  return { log, inputs, connection, idle: idle.promise, stop }
}

test('the first stream starts from now and makes the window ready before any event', async () => {
  const { log, inputs, idle, stop } = harness([[opened(41), notice(42), notice(44)]])
  await idle
  stop()
  expect(inputs).toEqual([{}])
  expect(log).toEqual(['ready', 'event 42', 'event 44'])
})

test('after a break it goes on from the last event that was seen', async () => {
  const { log, inputs, idle, stop } = harness([[opened(41), notice(42)], new Error('cut'), [opened(43), notice(43)]])
  await idle
  stop()
  expect(inputs).toEqual([{}, { since: 42 }, { since: 42 }])
  expect(log).toEqual(['ready', 'event 42', 'pause 1000', 'pause 1000', 'resume', 'event 43'])
})

test('a reset tells that events are missing and goes on from the new position', async () => {
  const { log, inputs, idle, stop } = harness([[opened(41), notice(42)], [opened(900, true)], [opened(900)]])
  await idle
  stop()
  expect(inputs).toEqual([{}, { since: 42 }, { since: 900 }])
  expect(log).toEqual(['ready', 'event 42', 'pause 1000', 'reset', 'pause 1000', 'resume'])
})

test('it waits for the connection instead of asking in vain', async () => {
  const { inputs, connection, idle, stop } = harness([[opened(1)], [opened(1)]])
  connection.set('offline')
  await new Promise((resolve) => setImmediate(resolve))
  expect(inputs).toHaveLength(1)
  connection.set('open')
  await idle
  stop()
  expect(inputs).toEqual([{}, { since: 1 }])
})
