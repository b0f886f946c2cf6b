import { expect, it } from 'vitest'
import { createEventQueue } from './event-queue'

const aborted = { type: 'aborted' } as const

it('gives what waits in order, neighbours of a kind as one, then the end', async () => {
  const queue = createEventQueue()
  for (const word of ['a', 'b']) queue.delta('text', word)
  queue.delta('thinking', 'c')
  queue.push({ type: 'tool_call', name: 'd' })
  queue.delta('text', 'e')
  queue.end(aborted)
  queue.delta('text', 'too late')
  const results = await Promise.all(Array.from({ length: 6 }, () => queue.next()))
  expect(results.map(({ value }) => value)).toEqual([
    { type: 'text', delta: 'ab' }, { type: 'thinking', delta: 'c' }, { type: 'tool_call', name: 'd' }, { type: 'text', delta: 'e' }, aborted, undefined,
  ])
})

it('wakes who waits, in the same turn of the event loop', async () => {
  const queue = createEventQueue()
  const first = queue.next()
  queue.delta('text', 'a')
  queue.delta('text', 'b')
  expect((await first).value).toEqual({ type: 'text', delta: 'ab' })
})

it('wakes who waits after some deltas, however busy the turn', async () => {
  const queue = createEventQueue()
  const first = queue.next()
  for (let count = 0; count < 210; count += 1) queue.delta('text', '.')
  expect((await first).value).toEqual({ type: 'text', delta: '.'.repeat(200) })
  expect((await queue.next()).value).toEqual({ type: 'text', delta: '.'.repeat(10) })
})

it('knows all the text, taken or not', async () => {
  const queue = createEventQueue()
  queue.delta('text', 'a')
  await queue.next()
  queue.delta('thinking', 'no')
  queue.delta('text', 'b')
  queue.delta('text', 'c')
  expect(queue.text()).toBe('abc')
  queue.delta('thinking', 'no')
  expect(queue.text()).toBe('abc')
})

it('settles all who wait at the end', async () => {
  const queue = createEventQueue()
  const waiting = [queue.next(), queue.next()]
  queue.end(aborted)
  expect(await Promise.all(waiting)).toEqual([{ done: false, value: aborted }, { done: true, value: undefined }])
})

it('tells a reader that is too fast to wait until there is room', async () => {
  const queue = createEventQueue()
  for (let count = 0; count < 1000; count += 1) queue.push({ type: 'tool_call', name: 'x' })
  const room = queue.room()
  expect(room).not.toBeNull()
  await queue.next()
  await room
  expect(queue.room()).toBeNull()
})

it('keeps no reader waiting after the end', async () => {
  const queue = createEventQueue()
  for (let count = 0; count < 1000; count += 1) queue.push({ type: 'tool_call', name: 'x' })
  const room = queue.room()
  queue.end(aborted)
  await room
})
