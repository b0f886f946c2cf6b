import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Knowledge } from '#contract/knowledge'
import { MemoryDraftSchema } from '#contract/memory'
import { type Statement, StatementSchema } from '#contract/statements'
import { openMemoryBench } from '../testing/memory-bench'
import { randomRuns } from '../testing/random-runs'

const RUNS = randomRuns(15)
const person = { by: 'person', cause: 'test', traceId: 'trace' } as const
const everywhere = { scope: 'user', workspaceId: null, sessionId: null } as const
const fact = (name: string, attribute: string, value: string, type = ''): Statement => ({ kind: 'fact', about: { name, type }, attribute, value })
const relation = (from: string, type: string, to: string): Statement => StatementSchema.parse({ kind: 'relation', from: { name: from }, type, to: { name: to } })
const alias = (name: string, other: string): Statement => StatementSchema.parse({ kind: 'entity', about: { name }, aliases: [other] })

function open() {
  const bench = openMemoryBench()
  /** All that is known: now, or as it was. */
  const ask = (at?: number, query: { readonly around?: string; readonly q?: string; readonly depth?: number } = {}) =>
    bench.memory.knowledge.query({ conditions: { filter: {}, place: null, sensitive: true, now: at ?? bench.clock.now() }, at, depth: 0, limit: 500, ...query })
  return { ...bench, ask }
}

/** What a reader sees: by names, since a thing that nobody speaks of any more has no number. */
function told({ entities, relations }: Knowledge) {
  const names = new Map(entities.map(({ id, name }) => [id, name]))
  const sorted = <T>(items: readonly T[]) => items.map((item) => JSON.stringify(item)).sort()
  return {
    entities: sorted(entities.map(({ id: _id, facts, ...entity }) => ({ ...entity, facts: sorted(facts.map((fact) => ({ ...fact, itemIds: [...fact.itemIds].sort() }))) }))),
    relations: sorted(relations.map(({ id: _id, from, to, itemIds, ...rest }) => ({ ...rest, from: names.get(from), to: names.get(to), itemIds: [...itemIds].sort() }))),
  }
}

it('tells what was known at a moment: values that were replaced, things that nothing speaks of any more, and when it was said', async () => {
  const { memory, clock, ask } = open()
  const [crane] = memory.knowledge.add([fact('Crane', 'colour', 'red', 'machine')], everywhere, undefined, person)
  const { item } = await memory.service.save(MemoryDraftSchema.parse({ text: 'Ana owns the boat', statements: [relation('Ana', 'owns', 'Boat'), alias('Ana', 'Anna')] }), person)
  const then = clock.now()
  clock.advance(1_000)
  memory.knowledge.add([fact('Crane', 'colour', 'blue', 'vehicle')], everywhere, undefined, person)
  memory.service.patch(item.id, { statements: [] }, undefined, person)
  expect((await ask()).entities.map(({ name }) => name)).toEqual(['Crane'])
  const past = await ask(then)
  expect(past.entities.map(({ name, type, aliases, facts }) => [name, type, aliases, facts.map(({ value, itemIds, at }) => [value, itemIds, at])])).toEqual(
    expect.arrayContaining([['Crane', 'machine', [], [['red', [crane?.id], crane?.createdAt]]], ['Ana', '', ['Anna'], []], ['Boat', '', [], []]]))
  expect(past.relations).toMatchObject([{ type: 'owns', itemIds: [item.id] }])
  expect((await ask(then, { q: 'anna' })).entities.map(({ name }) => name)).toEqual(['Ana'])
  expect(await memory.knowledge.types({ conditions: { filter: {}, place: null, sensitive: true, now: then }, at: then })).toEqual({ entities: [{ type: 'machine', count: 1 }], relations: [{ type: 'owns', count: 1 }] })
  expect((await ask((crane?.createdAt ?? 0) - 1)).entities).toEqual([])
})

it('gives a thing the number that it has now, and one that is gone the same at every moment', async () => {
  const { memory, clock, ask } = open()
  memory.knowledge.add([fact('Pier', 'wood', 'oak')], everywhere, undefined, person)
  const [lamp] = memory.knowledge.add([fact('Lamp', 'colour', 'red')], everywhere, undefined, person)
  const first = clock.now()
  clock.advance(1_000)
  memory.service.patch(lamp?.id ?? '', { pinned: true }, undefined, person)
  const second = clock.now()
  clock.advance(1_000)
  memory.service.patch(lamp?.id ?? '', { statements: [] }, undefined, person)
  const [pier] = (await ask()).entities
  const idsAt = async (at: number) => Object.fromEntries((await ask(at)).entities.map(({ id, name }) => [name, id]))
  expect((await idsAt(first))['Pier']).toBe(pier?.id)
  expect(await idsAt(second)).toEqual(await idsAt(first))
  const lampId = (await idsAt(first))['Lamp'] ?? ''
  const query = { conditions: { filter: {}, place: null, sensitive: true, now: first }, at: first } as const
  expect((await memory.knowledge.entity(lampId, query)).entity).toMatchObject({ name: 'Lamp', facts: [{ value: 'red' }] })
  await expect(memory.knowledge.entity(lampId, { conditions: { ...query.conditions, now: clock.now() } })).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' })
})

const name = fc.constantFrom('Ana', 'ana', 'Boat', 'the boat', 'Port', 'Crane')
const statement = fc.oneof(
  fc.record({ name, attribute: fc.constantFrom('colour', 'size'), value: fc.constantFrom('red', 'blue', '9'), type: fc.constantFrom('', 'person', 'machine') }).map((one) => fact(one.name, one.attribute, one.value, one.type)),
  fc.record({ from: name, type: fc.constantFrom('owns', 'near'), to: name }).map(({ from, type, to }) => relation(from, type, to)),
  fc.record({ from: name, to: name }).map(({ from, to }) => alias(from, to)),
)
const statements = fc.array(statement, { minLength: 1, maxLength: 3 })
const nth = fc.nat({ max: 30 })
const step = fc.oneof(
  fc.record({ do: fc.constant('save' as const), statements, sensitivity: fc.constantFrom('normal' as const, 'sensitive' as const), trust: fc.constantFrom('person' as const, 'untrusted' as const) }),
  fc.record({ do: fc.constant('add' as const), statements, ttl: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }) }),
  fc.record({ do: fc.constant('change' as const), nth, statements: fc.oneof(statements, fc.constant<Statement[]>([])) }),
  fc.record({ do: fc.constantFrom('forget' as const, 'restore' as const, 'archive' as const, 'erase' as const), nth }),
)
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never

/** The id of what it erased, where it did. */
async function apply({ memory: { service, knowledge }, clock }: ReturnType<typeof open>, one: Step, number: number): Promise<string | null> {
  clock.advance(1_000)
  if (one.do === 'save') await service.save(MemoryDraftSchema.parse({ text: `Note ${number}`, statements: one.statements, sensitivity: one.sensitivity, trust: one.trust }), person)
  if (one.do === 'add') knowledge.add(one.statements, everywhere, one.ttl, person)
  if (one.do === 'save' || one.do === 'add') return null
  const { items } = await service.pages({ state: 'all' }, { limit: 1_000 })
  const item = items[one.nth % Math.max(1, items.length)]
  if (!item) return null
  if (one.do === 'change') service.patch(item.id, { statements: one.statements }, undefined, person)
  if (one.do === 'forget') service.forget(item.id, person)
  if (one.do === 'restore') service.restore(item.id, person)
  if (one.do === 'archive') service.patch(item.id, { archived: !item.archived }, undefined, person)
  if (one.do !== 'erase') return null
  await service.erase([item.id], 'trace')
  return item.id
}

it('is at every moment what a reader of that moment saw, and has nothing of what was erased since', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
    const bench = open()
    const seen: { readonly at: number; readonly saw: Knowledge }[] = []
    const erased: string[] = []
    let wholeFrom = 0
    for (const [number, one] of steps.entries()) {
      const gone = await apply(bench, one, number)
      if (gone !== null) {
        erased.push(gone)
        wholeFrom = number
      }
      bench.clock.advance(100)
      seen.push({ at: bench.clock.now(), saw: await bench.ask() })
    }
    bench.clock.advance(10_000)
    for (const [number, { at, saw }] of [...seen.entries()].reverse()) {
      const past = await bench.ask(at)
      if (number >= wholeFrom) expect(told(past)).toEqual(told(saw))
      const cited = [...past.relations, ...past.entities.flatMap(({ facts }) => facts)].flatMap(({ itemIds }) => itemIds)
      expect(cited.filter((id) => erased.includes(id))).toEqual([])
      // What other items said stays as it was, though a thing may have lost a name with what is gone.
      const others = ({ entities }: Knowledge) => entities.flatMap(({ facts }) => facts.flatMap(({ attribute, value, itemIds }) => itemIds.filter((id) => !erased.includes(id)).map((id) => `${attribute} ${value} ${id}`))).sort()
      expect(others(past)).toEqual(others(saw))
    }
  }), { numRuns: RUNS })
})

it('forgets at once what it had made for a moment when something is erased', async () => {
  const { memory, clock, ask } = open()
  const [crane] = memory.knowledge.add([fact('Crane', 'colour', 'red'), fact('Pier', 'wood', 'oak')], everywhere, undefined, person)
  const then = clock.now()
  clock.advance(1_000)
  expect((await ask(then)).entities).toHaveLength(2)
  await memory.service.erase([crane?.id ?? ''], 'trace')
  expect((await ask(then)).entities.map(({ name }) => name)).toEqual(['Pier'])
})
