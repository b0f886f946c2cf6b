import { describe, expect, it } from 'vitest'
import type { StreamMessage } from '#contract/events'
import { openMemoryStore } from '../../adapters/sqlite'
import { createManualClock } from '../../../testing/manual-clock'
import { createEventStream } from './event-stream'
import { createSubscriberQueue } from './subscriber-queue'

const source = { sessionId: null, runId: null, traceId: 'trace' }
const notice = (text: string) => ({ topic: 'system.notice' as const, payload: { id: text, level: 'info' as const, text } })

function open() {
  const clock = createManualClock()
  const store = openMemoryStore({ clock })
  return { clock, store, events: createEventStream({ store, clock }) }
}

/** Reads messages one at a time. */
function reader(messages: AsyncGenerator<StreamMessage, void, void>) {
  return async (): Promise<string> => {
    const { value, done } = await messages.next()
    if (done || !value) return 'end'
    switch (value.topic) {
      case 'stream.open':
        return value.reset ? 'reset' : 'open'
      case 'system.notice':
        return value.payload.text
      case 'agent.token':
        return `${value.payload.offset}:${value.payload.delta}`
      default:
        return value.topic
    }
  }
}

describe('the event stream', () => {
  it('publishes what a transaction told once it is on disk, in order', async () => {
    const { events } = open()
    const next = reader(events.subscribe({}, new AbortController().signal))
    expect(await next()).toBe('open')
    events.transact((emit) => {
      emit(notice('one'), source)
      events.transact((inner) => { inner(notice('two'), source) })
      emit(notice('three'), source)
    })
    expect([await next(), await next(), await next()]).toEqual(['one', 'two', 'three'])
  })

  it('publishes what may be on disk later once it is, and before anything that follows', async () => {
    const { store, clock } = open()
    const callbacks: (() => void)[] = []
    let [syncs, hurries] = [0, 0]
    const events = createEventStream({
      clock, store: { ...store, sync: () => { syncs += 1 }, hurry: () => { hurries += 1 }, syncSoon: (done) => void callbacks.push(done) },
    })
    const stop = new AbortController()
    const seen: string[] = []
    const watching = (async () => {
      for await (const message of events.subscribe({}, stop.signal)) {
        seen.push(message.topic === 'system.notice' ? message.payload.text : message.topic === 'agent.token' ? message.payload.delta : message.topic)
      }
    })()
    const turn = () => new Promise((resolve) => setImmediate(resolve))
    await turn()
    const later = (text: string) => events.transact((emit) => { emit(notice(text), source) }, 'later')

    later('one')
    await turn()
    expect(seen).toEqual(['stream.open'])
    callbacks.shift()?.()
    await turn()
    expect(seen.splice(0)).toEqual(['stream.open', 'one'])

    later('two')
    events.transact((emit) => { emit(notice('three'), source) })
    await turn()
    expect([seen.splice(0), syncs]).toEqual([['two', 'three'], 0])

    later('four')
    const text = events.openText({ topic: 'agent.token', stepId: 'step', kind: 'text' }, source)
    text.append('live')
    clock.advance(4)
    text.append('end')
    text.close()
    later('five')
    await turn()
    expect(seen).toEqual([])
    callbacks.splice(-2, 1)[0]?.()
    await turn()
    expect([seen.splice(0), syncs, hurries]).toEqual([['four', 'liveend'], 0, 1])
    callbacks.pop()?.()
    await turn()
    expect(seen.splice(0)).toEqual(['five'])

    later('six')
    events.settle()
    await turn()
    expect([seen.splice(0), syncs, hurries]).toEqual([['six'], 1, 1])
    stop.abort()
    await watching
  })

  it('tells nothing of a transaction that failed', async () => {
    const { events, store } = open()
    const next = reader(events.subscribe({ since: 0 }, new AbortController().signal))
    await next()
    expect(() => events.transact((emit) => {
      emit(notice('lost'), source)
      throw new Error('no')
    })).toThrow('no')
    events.transact((emit) => { emit(notice('kept'), source) })
    expect(await next()).toBe('kept')
    expect(store.events.readAfter(0, 10)?.map(({ topic }) => topic)).toEqual(['system.notice'])
  })

  it('gives a client that comes back everything after its position, once', async () => {
    const { events, store } = open()
    events.transact((emit) => { emit(notice('before'), source) })
    const since = store.events.lastSeq()
    for (let index = 0; index < 1200; index += 1) events.transact((emit) => { emit(notice(`missed ${index}`), source) })
    const next = reader(events.subscribe({ since }, new AbortController().signal))
    expect(await next()).toBe('open')
    events.transact((emit) => { emit(notice('live'), source) })
    const seen = []
    for (let index = 0; index < 1201; index += 1) seen.push(await next())
    expect(seen).toEqual([...Array.from({ length: 1200 }, (_, index) => `missed ${index}`), 'live'])
  })

  it('says when a position is not known, so that the client loads the state anew', async () => {
    const { events } = open()
    expect(await reader(events.subscribe({ since: 999_999_999 }, new AbortController().signal))()).toBe('reset')
  })

  it('joins text per frame and gives a late subscriber the whole so far', async () => {
    const { events, clock } = open()
    const first = reader(events.subscribe({}, new AbortController().signal))
    await first()
    const text = events.openText({ topic: 'agent.token', stepId: 's', kind: 'text' }, source)
    text.append('Hel')
    text.append('lo')
    clock.advance(8)
    expect(await first()).toBe('0:Hello')
    text.append(' you')
    const late = reader(events.subscribe({}, new AbortController().signal))
    expect(await late()).toBe('open')
    expect(await late()).toBe('0:Hello you')
    expect(await first()).toBe('5: you')
    text.append('!')
    text.close()
    expect([await first(), await late()]).toEqual(['9:!', '9:!'])
  })

  it('publishes held text before the entry that holds it', async () => {
    const { events } = open()
    const next = reader(events.subscribe({}, new AbortController().signal))
    await next()
    const text = events.openText({ topic: 'agent.token', stepId: 's', kind: 'text' }, source)
    text.append('done')
    events.transact((emit) => { emit(notice('recorded'), source) })
    expect([await next(), await next()]).toEqual(['0:done', 'recorded'])
  })

  it('sends only the topics and the session that are asked for', async () => {
    const { events } = open()
    const next = reader(events.subscribe({ topics: ['models.update'], sessionId: 'a' }, new AbortController().signal))
    await next()
    events.transact((emit) => {
      emit(notice('other topic'), source)
      emit({ topic: 'models.update', payload: {} }, { ...source, sessionId: 'b' })
      emit({ topic: 'models.update', payload: {} }, { ...source, sessionId: 'a' })
    })
    expect(await next()).toBe('models.update')
  })

  it('ends when the subscriber leaves, also in the middle of waiting', async () => {
    const { events } = open()
    const leave = new AbortController()
    const next = reader(events.subscribe({}, leave.signal))
    await next()
    const waiting = next()
    leave.abort()
    expect(await waiting).toBe('end')
  })
})

describe('a subscriber that does not keep up', () => {
  const envelope = (seq: number) => ({ ...notice(String(seq)), ...source, seq, at: 1 })

  it('is told to load the state anew instead of filling the memory', async () => {
    const queue = createSubscriberQueue(3)
    for (let seq = 1; seq <= 5; seq += 1) queue.push(envelope(seq))
    const seen = queue.drain()
    expect((await seen.next()).value).toEqual({ topic: 'stream.open', seq: 4, reset: true })
    expect((await seen.next()).value).toMatchObject({ seq: 5 })
  })

  it('gets waiting deltas of one text as one', async () => {
    const queue = createSubscriberQueue(2)
    const delta = (seq: number, offset: number, text: string) => ({ topic: 'agent.token' as const, payload: { stepId: 's', kind: 'text' as const, offset, delta: text }, ...source, seq, at: 1 })
    for (const [seq, offset, text] of [[1, 0, 'a'], [2, 1, 'b'], [3, 2, 'c']] as const) queue.push(delta(seq, offset, text))
    expect((await queue.drain().next()).value).toMatchObject({ seq: 3, payload: { offset: 0, delta: 'abc' } })
  })
})
