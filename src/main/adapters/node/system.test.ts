import { expect, test } from 'vitest'
import { createManualClock } from '../../../testing/manual-clock'
import { createNewId, newId, systemClock } from './system'

test('ids are version 7 UUIDs that carry the time', () => {
  const id = createNewId(() => 0x0123456789ab)()
  expect(id).toMatch(/^01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})

test('ids made within one millisecond, and after the clock went back, still sort in the order they were made', () => {
  const times = [1_000, 1_000, 1_000, 900, 1_001, 1_001, 500, 1_002]
  const next = createNewId(() => times.shift() ?? 1_002)
  const ids = Array.from({ length: 50_000 }, () => next())
  expect(ids).toEqual([...ids].sort())
  expect(new Set(ids).size).toBe(50_000)
})

test('the shared generator gives different ids', () => {
  expect(new Set(Array.from({ length: 1_000 }, newId)).size).toBe(1_000)
})

test('sleeping ends with the reason of its signal, also when it was aborted before', async () => {
  const controller = new AbortController()
  const slept = systemClock.sleep(1_000_000, controller.signal)
  const reason = new Error('stop')
  controller.abort(reason)
  await expect(slept).rejects.toBe(reason)
  await expect(systemClock.sleep(0, controller.signal)).rejects.toBe(reason)
})

test('a delay beyond what Node can hold does not fire at once, and can be cancelled', async () => {
  let fired = false
  const cancel = systemClock.after(2 ** 40, () => (fired = true))
  await systemClock.sleep(20)
  cancel()
  expect(fired).toBe(false)
})

test('the manual clock fires due timers in order of their due time, those set on the way included', async () => {
  const clock = createManualClock(1_000)
  const seen: [string, number, number][] = []
  const note = (name: string) => () => seen.push([name, clock.now(), clock.elapsed()])
  clock.after(30, note('late'))
  clock.after(10, () => {
    note('early')()
    clock.after(5, note('set on the way'))
  })
  clock.after(10, note('early, second'))
  clock.after(20, note('cancelled'))()
  clock.after(31, note('not yet'))
  const slept = clock.sleep(30).then(() => 'slept')
  clock.advance(30)
  expect(seen).toEqual([
    ['early', 1_010, 10],
    ['early, second', 1_010, 10],
    ['set on the way', 1_015, 15],
    ['late', 1_030, 30],
  ])
  expect(await slept).toBe('slept')
  expect(clock.pending).toBe(1)
})
