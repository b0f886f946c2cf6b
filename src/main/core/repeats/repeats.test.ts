import { describe, expect, it } from 'vitest'
import { openMemoryStore } from '../../adapters/sqlite'
import { createManualClock } from '../../../testing/manual-clock'
import { createRepeats, type RequestAnswer } from './repeats'

const request = { client: 'c', route: '/tasks', key: 'k', bodyHash: 'b' }
const DAY_MS = 24 * 60 * 60 * 1000

function started() {
  const clock = createManualClock()
  const { answeredRequests: store } = openMemoryStore({ clock })
  const repeats = createRepeats({ store, clock, owner: 'first' })
  let done = 0
  const work = (status = 201, body: unknown = { id: 'made' }) => () => {
    done += 1
    return Promise.resolve({ status, body })
  }
  return { clock, store, repeats, work, done: () => done }
}

describe('a request with an idempotency key', () => {
  it('is done once, and answered the same again for a day', async () => {
    const { clock, repeats, work, done } = started()
    expect(await repeats.once(request, work())).toEqual({ done: { status: 201, body: { id: 'made' } } })
    expect(await repeats.once(request, work())).toEqual({ repeated: { status: 201, body: { id: 'made' } } })
    clock.advance(DAY_MS + 1)
    expect(await repeats.once(request, work())).toHaveProperty('done')
    expect(done()).toBe(2)
  })

  it('belongs to its client and its route, and is no key for another body', async () => {
    const { repeats, work, done } = started()
    for (const other of [request, { ...request, client: 'd' }, { ...request, route: '/sessions' }]) expect(await repeats.once(other, work())).toHaveProperty('done')
    await expect(repeats.once({ ...request, bodyHash: 'other' }, work())).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(done()).toBe(3)
  })

  it('is refused while the first one is under way', async () => {
    const { repeats, work } = started()
    let end = () => {}
    const first = repeats.once(request, () => new Promise<RequestAnswer>((resolve) => { end = () => resolve({ status: 200, body: null }) }))
    await expect(repeats.once(request, work())).rejects.toMatchObject({ code: 'CONFLICT', retryable: true, message: expect.stringContaining('Operation already in progress') })
    end()
    await first
    expect(await repeats.once(request, work())).toEqual({ repeated: { status: 200, body: null } })
  })

  it('is never done again after the program ended in its middle: what came of it is not known', async () => {
    const { clock, store, repeats, work, done } = started()
    void repeats.once(request, () => new Promise<RequestAnswer>(() => undefined))
    await expect(createRepeats({ store, clock, owner: 'second' }).once(request, work())).rejects.toMatchObject({ code: 'CONFLICT', retryable: false, message: expect.stringContaining('not known') })
    expect(done()).toBe(0)
  })

  it('may come again where nothing was done and it may go well later', async () => {
    const { repeats, work, done } = started()
    for (const [status, body] of [[500, null], [429, null], [409, { retryable: true }], [400, { retryable: false }]] as const) await repeats.once(request, work(status, body))
    await expect(repeats.once({ ...request, key: 'thrown' }, () => Promise.reject(new Error('bug')))).rejects.toThrow('bug')
    expect(await repeats.once({ ...request, key: 'thrown' }, work())).toHaveProperty('done')
    expect(await repeats.once(request, work())).toEqual({ repeated: { status: 400, body: { retryable: false } } })
    expect(done()).toBe(5)
  })

  it('keeps no answer that is too long, and says so', async () => {
    const { repeats, work } = started()
    await repeats.once(request, work(200, 'a'.repeat(300_000)))
    await expect(repeats.once(request, work())).rejects.toMatchObject({ message: expect.stringContaining('too long') })
  })
})
