import { expect, it } from 'vitest'
import type { Statement } from '#contract/statements'
import { MemoryDraftSchema } from '#contract/memory'
import { createEventStream } from '#core/events/event-stream'
import { createMemory } from '#core/memory/create-memory'
import { createManualClock } from '../../../../testing/manual-clock'
import { newId } from '../../node/system'
import { createProfile } from '../testing/profile'

const person = { by: 'person', cause: 'test', traceId: 'trace' } as const
const colour = (value: string): Statement[] => [{ kind: 'fact', about: { name: 'Crane', type: '' }, attribute: 'colour', value }]

it('is read in the thread, from a database on disk, and has nothing of an item once it is erased', async () => {
  const clock = createManualClock()
  const profile = createProfile(clock)
  try {
    const { store, memorySearch, close } = profile.open()
    const logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
    const memory = createMemory({
      store, search: memorySearch, events: createEventStream({ store, clock }), clock, newId, logger, settings: () => ({ embeddingModel: null, sendSensitive: false, retention: [] }),
      embedder: () => Promise.reject(new Error('no model')), backups: () => Promise.resolve([]),
    })
    const { item } = await memory.service.save(MemoryDraftSchema.parse({ text: 'The crane', statements: colour('red') }), person)
    const then = clock.now()
    clock.advance(1_000)
    memory.service.patch(item.id, { statements: colour('blue') }, undefined, person)
    const valuesAt = async (at?: number) => (await memory.knowledge.query({ conditions: { filter: {}, place: null, sensitive: true, now: at ?? clock.now() }, at, depth: 0, limit: 10 })).entities.flatMap(({ facts }) => facts.map(({ value }) => value))
    expect([await valuesAt(then), await valuesAt(), await valuesAt(then - 1)]).toEqual([['red'], ['blue'], []])
    expect(await valuesAt(then)).toEqual(['red'])
    await memory.service.erase([item.id], 'trace')
    expect([await valuesAt(then), await valuesAt()]).toEqual([[], []])
    await close()
  } finally {
    await profile.remove()
  }
})
