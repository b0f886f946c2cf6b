import fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyDelta, createDeltaStore, type DeltaStoreOptions } from './delta-store'

const empty = { text: '', dropped: 0 }

function manualStore(options: Omit<DeltaStoreOptions, 'schedule'> = {}) {
  const frames: (() => void)[] = []
  const store = createDeltaStore({ ...options, schedule: (flush) => void frames.push(flush) })
  return { store, frames, frame: () => frames.splice(0).forEach((flush) => flush()) }
}

test('a delta keeps the first units and appends', () => {
  const hello = applyDelta(empty, 0, 'Hello', 100)
  expect(hello).toEqual({ text: 'Hello', dropped: 0 })
  expect(applyDelta(hello, 5, ' you', 100)).toEqual({ text: 'Hello you', dropped: 0 })
  expect(applyDelta(hello, 0, 'Hello all', 100)).toEqual({ text: 'Hello all', dropped: 0 })
  expect(applyDelta(hello, 2, 'y', 100)).toEqual({ text: 'Hey', dropped: 0 })
})

test('a delta that starts beyond the end has lost its front and changes nothing', () => {
  const live = { text: 'ab', dropped: 0 }
  expect(applyDelta(live, 3, 'x', 100)).toBe(live)
})

test('whatever pieces arrive, also again, the text is the whole', () => {
  fc.assert(fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 8 }), { maxLength: 30 }), fc.nat(), (pieces, seed) => {
    const whole = pieces.join('')
    let live = empty
    let offset = 0
    for (const [index, piece] of pieces.entries()) {
      live = applyDelta(live, offset, piece, 10_000)
      // A late joiner's whole, or a piece that comes twice.
      if ((seed + index) % 3 === 0) live = applyDelta(live, 0, whole.slice(0, offset + piece.length), 10_000)
      if ((seed + index) % 3 === 1) live = applyDelta(live, offset, piece, 10_000)
      offset += piece.length
    }
    expect(live.text).toBe(whole)
  }))
})

test('a stream without end keeps its newest part and goes on counting', () => {
  let live = empty
  for (let index = 0; index < 1_000; index += 1) live = applyDelta(live, index * 10, `${String(index).padStart(9, '0')}\n`, 100)
  expect(live.text.length).toBeLessThanOrEqual(125)
  expect(live.text.endsWith('000000999\n')).toBe(true)
  expect(live.dropped + live.text.length).toBe(10_000)
})

test('readers are told once per frame, and see nothing between frames', () => {
  const { store, frames, frame } = manualStore()
  let told = 0
  store.subscribe('s1', 'text', () => (told += 1))
  store.apply({ stepId: 's1', channel: 'text', offset: 0, delta: 'a' })
  store.apply({ stepId: 's1', channel: 'text', offset: 1, delta: 'b' })
  store.apply({ stepId: 's1', channel: 'thinking', offset: 0, delta: 'hm' })
  expect([told, store.get('s1', 'text').text, frames.length]).toEqual([0, '', 1])
  frame()
  expect([told, store.get('s1', 'text').text, store.get('s1', 'thinking').text]).toEqual([1, 'ab', 'hm'])
})

test('the same object is given until the text changes', () => {
  const { store, frame } = manualStore()
  store.apply({ stepId: 's1', channel: 'text', offset: 0, delta: 'a' })
  frame()
  expect(store.get('s1', 'text')).toBe(store.get('s1', 'text'))
  expect(store.get('none', 'text')).toBe(store.get('other', 'output'))
})

test('a removed step is empty after the frame, and a disposed reader hears no more', () => {
  const { store, frame } = manualStore()
  let told = 0
  const stop = store.subscribe('s1', 'output', () => (told += 1))
  store.apply({ stepId: 's1', channel: 'output', offset: 0, delta: 'a' })
  frame()
  store.remove('s1')
  frame()
  expect([told, store.get('s1', 'output').text]).toEqual([2, ''])
  stop()
  store.apply({ stepId: 's1', channel: 'output', offset: 0, delta: 'b' })
  frame()
  expect(told).toBe(2)
})

test('the stream that was not written to for longest goes first when there are too many', () => {
  const { store, frame } = manualStore({ maxStreams: 2 })
  for (const stepId of ['a', 'b', 'a', 'c']) {
    store.apply({ stepId, channel: 'text', offset: 0, delta: stepId })
  }
  frame()
  expect(['a', 'b', 'c'].map((stepId) => store.get(stepId, 'text').text)).toEqual(['a', '', 'c'])
  store.clear()
  frame()
  expect(['a', 'c'].map((stepId) => store.get(stepId, 'text').text)).toEqual(['', ''])
})
