import { expect, it } from 'vitest'
import { openMemoryStore } from '../../adapters/sqlite'
import { createManualClock } from '../../../testing/manual-clock'
import { createEventStream } from './event-stream'
import { followEvents, type Following } from './follow-events'

const source = { sessionId: null, runId: null, traceId: 'trace' }

function follow(consider: Following['consider']) {
  const clock = createManualClock()
  const events = createEventStream({ store: openMemoryStore({ clock }), clock })
  const errors: unknown[] = []
  const stop = followEvents({ events, topics: ['system.notice'], consider, onError: (error) => errors.push(error) })
  const tell = (text: string) => events.transact((emit) => emit({ topic: 'system.notice', payload: { id: text, level: 'info', text } }, source))
  return { events, errors, stop, tell }
}

/** What was considered, and a wait for so many of them. */
function record() {
  const seen: string[] = []
  let waiting: { readonly count: number; readonly done: () => void } | null = null
  return {
    seen,
    add: (text: string) => {
      seen.push(text)
      if (waiting !== null && seen.length >= waiting.count) waiting.done()
    },
    reached: (count: number) => new Promise<void>((done) => {
      if (seen.length >= count) done()
      else waiting = { count, done }
    }),
  }
}

it('gives the events of its topics one after the other, and first that the stream is open', async () => {
  const { seen, add, reached } = record()
  const { tell, events } = follow(async (message) => {
    add(`begins ${message.topic}`)
    await Promise.resolve()
    add(`ends ${message.topic === 'system.notice' ? message.payload.text : message.topic}`)
  })
  tell('one')
  events.transact((emit) => emit({ topic: 'session.removed', payload: { sessionId: 'other' } }, source))
  tell('two')
  await reached(6)
  expect(seen).toEqual(['begins stream.open', 'ends stream.open', 'begins system.notice', 'ends one', 'begins system.notice', 'ends two'])
})

it('goes on after work that failed, at once or later, and tells of each failure', async () => {
  const { seen, add, reached } = record()
  const { tell, errors } = follow(async (message, guard) => {
    if (message.topic !== 'system.notice') return
    const { text } = message.payload
    await guard(() => Promise.reject(new Error(`a part of ${text}`)))
    add(text)
    throw new Error(text)
  })
  tell('one')
  tell('two')
  await reached(2)
  await Promise.resolve()
  expect(seen).toEqual(['one', 'two'])
  expect(errors.map(String)).toEqual(['Error: a part of one', 'Error: one', 'Error: a part of two', 'Error: two'])
})

it('considers nothing after it is stopped, and says nothing of what was cut off by that', async () => {
  const { seen, add, reached } = record()
  const following = follow((message) => {
    add(message.topic)
    if (message.topic !== 'system.notice') return
    following.stop()
    throw new Error('cut off')
  })
  following.tell('one')
  await reached(2)
  following.tell('two')
  await new Promise((done) => setImmediate(done))
  expect([seen, following.errors]).toEqual([['stream.open', 'system.notice'], []])
})
