import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { StoredMemory } from '#core/ports/memory-store'
import { newId } from '../../../node/system'
import { openConnection } from '../../connection'
import { migrate } from '../../migrate'
import { migrations } from '../../migrations'
import { createMemoryStore } from '../items'
import { createTakeIn } from './take-in'
import { attachWords } from './word-file'
import { createWordIndex } from './word-index'

const runs = Number(process.env['TRESTLE_MEMORY_RUNS'] ?? '25')
const vocabulary = ['harbour', 'lantern', 'willow', 'copper', 'meadow', 'thunder']
const person = { revision: 0, at: 1, action: 'changed', by: 'person', cause: 'test', sessionId: null, runId: null, entryId: null, before: {} } as const

function openBench(bounds: { readonly items: number; readonly changes: number }) {
  const db = openConnection(':memory:')
  migrate(db, migrations, { at: 1, appVersion: '1' })
  attachWords(db, ':memory:')
  const memory = createMemoryStore(db)
  const index = createWordIndex(db)
  const takeIn = createTakeIn(db, index, bounds)
  const all = (): StoredMemory[] => memory.walk(0, 10_000).items
  const save = (text: string) => memory.insert({
    id: newId(), kind: 'fragment', title: '', text, solution: null, statements: [], tags: [], scope: 'user', workspaceId: null, sessionId: null, importance: 0.5, sensitivity: 'normal', trust: 'person', expiresAt: null,
    pinned: false, archived: false, forgottenAt: null, source: { by: 'person', sessionId: null, runId: null, entryId: null, path: null }, lastUsedAt: null, useCount: 0, createdAt: 1, updatedAt: 1, revision: 1,
  }, 1)
  const change = (item: StoredMemory, patch: Partial<StoredMemory>) => {
    memory.change(item, { ...item, ...patch, revision: item.revision + 1 }, 1, { ...person, revision: item.revision + 1 })
  }
  const found = (table: string, word: string) => db.prepare<[string], number>(`SELECT rowid FROM ${table} WHERE ${table} MATCH ? ORDER BY rowid`).pluck().all(word)
  const knownWords = () => db.prepare<[], string>('SELECT word FROM memory_words_known ORDER BY word').pluck().all()
  return { db, memory, takeIn, all, save, change, found, knownWords }
}
type Bench = ReturnType<typeof openBench>

const text = fc.array(fc.constantFrom(...vocabulary), { minLength: 1, maxLength: 3 }).map((words) => words.join(' '))
const step = fc.oneof(
  fc.record({ do: fc.constant('save' as const), text }),
  fc.record({ do: fc.constant('word' as const), text, at: fc.nat({ max: 9 }) }),
  fc.record({ do: fc.constantFrom('forget' as const, 'restore' as const, 'erase' as const), at: fc.nat({ max: 9 }) }),
  fc.record({ do: fc.constant('eraseLast' as const) }),
  fc.record({ do: fc.constant('take' as const) }),
  fc.record({ do: fc.constant('prune' as const) }),
)

function apply({ memory, all, save, change, takeIn }: Bench, action: typeof step extends fc.Arbitrary<infer One> ? One : never): void {
  if (action.do === 'save') return void save(action.text)
  if (action.do === 'take') return memory.wordsTaken(takeIn().seq)
  if (action.do === 'prune') return void memory.scrub()
  const items = all()
  const item = action.do === 'eraseLast' ? items.at(-1) : items[action.at % Math.max(1, items.length)]
  if (!item) return
  switch (action.do) {
    case 'word': return change(item, { text: action.text })
    case 'forget': return change(item, { forgottenAt: 1 })
    case 'restore': return change(item, { forgottenAt: null })
    default: memory.erase([item.id])
  }
}

it('has exactly the words of the items after any history, taken in at any moments in parts of any size', () => {
  fc.assert(fc.property(fc.array(step, { maxLength: 40 }), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }), (steps, items, changes) => {
    const bench = openBench({ items, changes })
    for (const action of steps) apply(bench, action)
    while (bench.takeIn().more);
    for (const word of vocabulary) {
      const having = (forgotten: boolean) => bench.all().filter((item) => (item.forgottenAt !== null) === forgotten && item.text.split(' ').includes(word)).map(({ position }) => position)
      expect([word, bench.found('memory_words', word), bench.found('memory_words_forgotten', word)]).toEqual([word, having(false), having(true)])
    }
    bench.db.exec("INSERT INTO memory_words (memory_words) VALUES ('integrity-check'); INSERT INTO memory_words_forgotten (memory_words_forgotten) VALUES ('integrity-check')")
    bench.db.close()
  }), { numRuns: runs })
})

it('makes itself anew when the items are others than those it was made of', () => {
  const bench = openBench({ items: 10, changes: 10 })
  bench.save('harbour')
  const item = bench.save('lantern')
  bench.change(item, { text: 'willow' })
  while (bench.takeIn().more);
  // As a database is that somebody copied into its place.
  bench.db.exec("DELETE FROM memory_items WHERE position = 2; DELETE FROM memory_word_changes; UPDATE sqlite_sequence SET seq = 0 WHERE name = 'memory_word_changes'")
  while (bench.takeIn().more);
  expect([bench.found('memory_words', 'harbour'), bench.found('memory_words', 'willow'), bench.knownWords()]).toEqual([[1], [], ['harbour']])
  bench.db.close()
})

it('makes itself anew when it does not have what was counted on, as after a loss of power', () => {
  const bench = openBench({ items: 10, changes: 10 })
  const item = bench.save('harbour')
  bench.takeIn()
  bench.change(item, { text: 'lantern' })
  bench.memory.wordsTaken(1)
  bench.memory.scrub()
  bench.save('willow')
  while (bench.takeIn().more);
  expect([bench.found('memory_words', 'harbour'), bench.found('memory_words', 'lantern'), bench.found('memory_words', 'willow'), bench.knownWords()]).toEqual([[], [1], [2], ['lantern', 'willow']])
  bench.db.close()
})
