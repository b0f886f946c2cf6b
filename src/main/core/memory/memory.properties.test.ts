import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MemoryDraftSchema, type MemoryItem } from '#contract/memory'
import { openMemoryBench } from './testing/memory-bench'
import { randomRuns } from './testing/random-runs'

const runs = randomRuns(40)
const person = { by: 'person', cause: 'test', traceId: 'trace' } as const
const agent = { by: 'agent', cause: 'test', traceId: 'trace' } as const

const words = ['harbour', 'lantern', 'willow', 'copper', 'meadow', 'thunder', 'basalt', 'orchid']
const text = fc.array(fc.constantFrom(...words), { minLength: 2, maxLength: 5 }).map((chosen) => chosen.join(' '))
const index = fc.nat({ max: 20 })
const action = fc.oneof(
  fc.record({ do: fc.constant('save' as const), text, importance: fc.constantFrom(0.1, 0.5, 0.9), expires: fc.option(fc.integer({ min: 1, max: 5_000 }), { nil: null }) }),
  fc.record({ do: fc.constant('edit' as const), index, text }),
  fc.record({ do: fc.constantFrom('forget' as const, 'restore' as const, 'pin' as const, 'archive' as const), index }),
  fc.record({ do: fc.constant('merge' as const), index, other: index, text }),
  fc.record({ do: fc.constant('split' as const), index, text, more: text }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 3_000 }) }),
)
type Action = typeof action extends fc.Arbitrary<infer One> ? One : never
type Bench = ReturnType<typeof openMemoryBench>

async function all({ memory }: Bench, state: 'all' | 'active' | 'forgotten' = 'all'): Promise<MemoryItem[]> {
  const { items } = await memory.service.pages({ state }, { limit: 1_000 })
  return [...items]
}

async function apply(bench: Bench, step: Action): Promise<void> {
  const { memory: { service }, clock } = bench
  if (step.do === 'wait') return clock.advance(step.ms)
  if (step.do === 'save') return void await service.save(MemoryDraftSchema.parse({ text: step.text, importance: step.importance, expiresAt: step.expires === null ? null : clock.now() + step.expires }), person)
  const items = await all(bench)
  const item = items[step.index % Math.max(1, items.length)]
  if (!item) return
  switch (step.do) {
    case 'edit': return void service.patch(item.id, { text: step.text }, undefined, person)
    case 'forget': return void service.forget(item.id, person)
    case 'restore': return void service.restore(item.id, person)
    case 'pin': return void service.patch(item.id, { pinned: !item.pinned }, undefined, person)
    case 'archive': return void service.patch(item.id, { archived: !item.archived }, undefined, person)
    case 'split': return void service.split(item.id, [step.text, step.more], person)
    case 'merge': {
      const other = items[step.other % items.length]
      if (other && other.id !== item.id) service.merge([item.id, other.id], { text: step.text }, person)
    }
  }
}

const content = (item: MemoryItem) => {
  const { revision: _revision, updatedAt: _updated, lastUsedAt: _used, useCount: _count, ...rest } = item
  return rest
}
const byId = (items: readonly MemoryItem[]) => new Map(items.map((item) => [item.id, content(item)]))

it('can be brought back to every moment, whatever came after', async () => {
  await fc.assert(fc.asyncProperty(fc.array(action, { maxLength: 12 }), fc.array(action, { maxLength: 12 }), async (before, after) => {
    const bench = openMemoryBench()
    for (const step of before) await apply(bench, step)
    const then = byId(await all(bench))
    const moment = bench.clock.now()
    bench.clock.advance(1)
    for (const step of after) await apply(bench, step)
    bench.clock.advance(1)
    const preview = await bench.memory.undo.preview(moment)
    const done = await bench.memory.undo.apply(moment, undefined, person)
    expect([done.change, done.forget, done.restore]).toEqual([preview.change, preview.forget, preview.restore])
    const now = await all(bench)
    for (const item of now) {
      const was = then.get(item.id)
      if (was) expect(content(item)).toEqual(was)
      else expect(item.forgottenAt).not.toBeNull()
    }
    expect(now.length).toBeGreaterThanOrEqual(then.size)
    expect(await bench.memory.undo.preview(moment)).toMatchObject({ change: 0, forget: 0, restore: 0 })
    await bench.store.close()
  }), { numRuns: runs })
})

it('shows every moment as it was then, whatever came after: all of it, what fits, in the same order', async () => {
  await fc.assert(fc.asyncProperty(fc.array(action, { maxLength: 14 }), fc.constantFrom(...words), async (steps, word) => {
    const bench = openMemoryBench()
    const { memory: { service, past }, clock } = bench
    const asked = [{}, { state: 'archived' as const }, { state: 'forgotten' as const }, { pinned: true }, { state: 'expired' as const }]
    const listed = async (filter: object) => (await service.query({ mode: 'words', filter, place: null, sort: 'updated', limit: 500 })).items.map(({ item }) => item)
    const seen: { at: number; all: MemoryItem[]; fitting: string[][]; saying: string[] }[] = []
    for (const step of steps) {
      await apply(bench, step)
      const active = await listed({})
      const saying = active.filter((item) => item.text.includes(word)).map(({ id }) => id)
      seen.push({ at: clock.now(), all: await listed({ state: 'all' }), fitting: await Promise.all(asked.map(async (filter) => (await listed(filter)).map(({ id }) => id))), saying })
      clock.advance(1)
    }
    for (const { at, all: then, fitting, saying } of seen) {
      const found = async (filter: object, more: object = {}) => (await past.query({ at, filter, place: null, sort: 'updated', limit: 500, ...more })).items.map(({ item }) => item)
      expect(await found({ state: 'all' })).toEqual(then)
      for (const [index, filter] of asked.entries()) expect((await found(filter)).map(({ id }) => id)).toEqual(fitting[index])
      expect((await found({}, { q: word })).map(({ id }) => id)).toEqual(saying)
      const first = await past.query({ at, filter: { state: 'all' }, place: null, sort: 'updated', limit: 2 })
      const rest = first.nextCursor === null ? [] : await found({ state: 'all' }, { cursor: first.nextCursor })
      expect([...first.items.map(({ item }) => item), ...rest]).toEqual(then)
      for (const item of then) expect(past.get(item.id, at)).toEqual(item)
    }
    const { moments, total } = await past.moments()
    const changes = (await all(bench)).flatMap((item) => [item.createdAt, ...service.history(item.id, { limit: 500 }).items.map((revision) => revision.at)])
    expect(moments.map(({ at }) => at)).toEqual([...new Set(changes)].sort((left, right) => left - right))
    expect(total).toBe(moments.length)
    const few = await bench.store.memorySearch.moments(3)
    expect(few.moments.length).toBe(Math.min(3, total))
    expect([few.total, few.moments.at(-1), few.moments.reduce((sum, moment) => sum + moment.changes, 0)]).toEqual([total, total > 3 ? { ...moments.at(-1), changes: expect.any(Number) } : moments.at(-1), moments.reduce((sum, moment) => sum + moment.changes, 0)])
    await bench.store.close()
  }), { numRuns: runs })
})

it('has for every revision what was before and after it, without gaps, and reverts to any', async () => {
  await fc.assert(fc.asyncProperty(fc.array(action, { maxLength: 20 }), async (steps) => {
    const bench = openMemoryBench()
    const { service } = bench.memory
    const seen = new Map<string, MemoryItem>()
    for (const step of steps) {
      await apply(bench, step)
      for (const item of await all(bench)) seen.set(`${item.id} ${item.revision}`, item)
    }
    for (const item of await all(bench)) {
      const { items: history } = service.history(item.id, { limit: 500 })
      expect(history.map(({ revision }) => revision)).toEqual(Array.from({ length: item.revision }, (_value, place) => item.revision - place))
      for (let revision = 1; revision <= item.revision; revision += 1) {
        const known = seen.get(`${item.id} ${revision}`)
        if (known) expect(content(service.revert(item.id, revision, person))).toEqual(content(known))
      }
    }
    await bench.store.close()
  }), { numRuns: runs })
})

it('finds exactly what is active: never what is forgotten, archived or expired', async () => {
  await fc.assert(fc.asyncProperty(fc.array(action, { maxLength: 25 }), fc.constantFrom(...words), async (steps, word) => {
    const bench = openMemoryBench()
    for (const step of steps) await apply(bench, step)
    const now = bench.clock.now()
    const expected = (await all(bench)).filter((item) => item.forgottenAt === null && !item.archived && (item.expiresAt === null || item.expiresAt > now) && item.text.split(' ').includes(word))
    const found = await bench.memory.recall({ text: `${word} `, place: { workspaceId: null, sessionId: null }, limit: 100 })
    expect(found.hits.map(({ item }) => item.id).sort()).toEqual(expected.map(({ id }) => id).sort())
    await bench.store.close()
  }), { numRuns: runs })
})

it('learns nothing again that was forgotten, unless a person says so or it was erased', async () => {
  await fc.assert(fc.asyncProperty(text, fc.boolean(), async (fact, erased) => {
    const bench = openMemoryBench()
    const { service } = bench.memory
    const draft = MemoryDraftSchema.parse({ text: fact })
    const { item } = await service.save(draft, agent)
    service.forget(item.id, person)
    const again = MemoryDraftSchema.parse({ text: `${fact.toUpperCase()}!` })
    if (erased) {
      const proof = await service.erase([item.id], 'trace')
      expect(proof.left.every(({ rows }) => rows === 0)).toBe(true)
      expect((await service.save(again, agent)).outcome).toBe('created')
    } else {
      await expect(service.save(again, agent)).rejects.toMatchObject({ code: 'CONFLICT', data: { forgottenId: item.id } })
      expect(await all(bench, 'active')).toEqual([])
      expect((await service.save(again, person)).outcome).toBe('forgotten')
    }
    await bench.store.close()
  }), { numRuns: runs })
})

const rule = fc.record({
  kind: fc.option(fc.constantFrom('fragment' as const, 'user' as const), { nil: undefined }), olderThanDays: fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined }),
  belowImportance: fc.option(fc.constantFrom(0.3, 0.6, 1), { nil: undefined }), keepAtMost: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }), then: fc.constantFrom('archive' as const, 'forget' as const),
})
const kept = fc.record({ importance: fc.constantFrom(0.1, 0.5, 0.9), pinned: fc.boolean(), age: fc.integer({ min: 0, max: 40 }), kind: fc.constantFrom('fragment' as const, 'user' as const) })

it('applies rules of retention as it said it would, and never to a pinned item', async () => {
  await fc.assert(fc.asyncProperty(fc.array(rule, { maxLength: 3 }), fc.array(kept, { maxLength: 15 }), async (retention, items) => {
    const bench = openMemoryBench({ settings: { retention } })
    for (const [place, { age: _age, ...item }] of [...items].sort((left, right) => right.age - left.age).entries()) {
      await bench.memory.service.save(MemoryDraftSchema.parse({ text: `fact number ${place}`, ...item }), person)
      bench.clock.setNow(bench.clock.now() + 24 * 60 * 60 * 1000)
    }
    const before = await all(bench)
    const preview = await bench.memory.upkeep.preview()
    await bench.memory.upkeep.apply('trace')
    const after = new Map((await all(bench)).map((item) => [item.id, item]))
    for (const item of before) {
      const said = preview.items.find((entry) => entry.item.id === item.id)
      const now = after.get(item.id)
      expect(now?.archived).toBe(said?.then === 'archive')
      expect(typeof now?.forgottenAt === 'number').toBe(said?.then === 'forget')
      if (item.pinned) expect(said).toBeUndefined()
    }
    for (const { kind, keepAtMost, olderThanDays, belowImportance } of retention) {
      if (keepAtMost === undefined || olderThanDays !== undefined || belowImportance !== undefined) continue
      const left = [...after.values()].filter((item) => !item.archived && item.forgottenAt === null && (kind === undefined || item.kind === kind))
      expect(left.length).toBeLessThanOrEqual(Math.max(keepAtMost, left.filter(({ pinned }) => pinned).length))
    }
    await bench.store.close()
  }), { numRuns: runs })
})

const part = fc.record({
  tags: fc.array(fc.constantFrom('one', 'two', 'three'), { maxLength: 3 }), importance: fc.constantFrom(0.1, 0.5, 0.9), pinned: fc.boolean(), trust: fc.constantFrom('person' as const, 'untrusted' as const),
  sensitivity: fc.constantFrom('normal' as const, 'sensitive' as const), forgotten: fc.boolean(),
})

it('merges into one that is as sensitive, as important and, from an agent, as little trusted as its parts; undoing it gives back each of them', async () => {
  await fc.assert(fc.asyncProperty(fc.array(part, { minLength: 2, maxLength: 5 }), text, fc.boolean(), async (parts, words, byAgent) => {
    const bench = openMemoryBench()
    const { memory: { service, undo }, clock } = bench
    const items: MemoryItem[] = []
    for (const [place, { forgotten, ...rest }] of parts.entries()) {
      const { item } = await service.save(MemoryDraftSchema.parse({ text: `part number ${place} is here`, ...rest }), person)
      items.push(forgotten ? service.forget(item.id, person) : item)
    }
    const before = byId(await all(bench))
    const moment = clock.now()
    clock.advance(1)
    const merged = service.merge(items.map(({ id }) => id), { text: words }, byAgent ? agent : person)
    expect(merged).toMatchObject({
      id: items[0]?.id, text: words, forgottenAt: null, archived: false, importance: Math.max(...parts.map(({ importance }) => importance)), pinned: parts.some(({ pinned }) => pinned),
      sensitivity: parts.some(({ sensitivity }) => sensitivity === 'sensitive') ? 'sensitive' : 'normal', trust: byAgent && parts.some(({ trust }) => trust === 'untrusted') ? 'untrusted' : 'person',
    })
    expect([...merged.tags].sort()).toEqual([...new Set(parts.flatMap(({ tags }) => tags))].sort())
    expect((await all(bench, 'active')).map(({ id }) => id)).toEqual([merged.id])
    expect(service.history(merged.id, { limit: 10 }).items[0]).toMatchObject({ action: 'merged', by: byAgent ? 'agent' : 'person' })
    await undo.apply(moment, undefined, person)
    expect(byId(await all(bench))).toEqual(before)
    await bench.store.close()
  }), { numRuns: runs })
})
