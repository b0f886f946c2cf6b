import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MemoryDraftSchema, type MemoryDraftInput, type MemoryItem } from '#contract/memory'
import { type Statement, type StatementInput, StatementSchema } from '#contract/statements'
import { exportText, importText } from '../export-text'
import { openMemoryBench } from '../testing/memory-bench'
import { randomRuns } from '../testing/random-runs'

const RUNS = randomRuns(10)
const person = { by: 'person', cause: 'test', traceId: 'trace' } as const
const everywhere = { scope: 'user', workspaceId: null, sessionId: null } as const
const draft = (text: string, more: Partial<MemoryDraftInput> = {}) => MemoryDraftSchema.parse({ text, ...more })
const fact = (name: string, attribute: string, value: string, type = ''): Statement => ({ kind: 'fact', about: { name, type }, attribute, value })
const relation = (from: string, type: string, to: string): Statement => StatementSchema.parse({ kind: 'relation', from: { name: from }, type, to: { name: to } } satisfies StatementInput)

function open() {
  const bench = openMemoryBench()
  const ask = (query: Partial<Parameters<typeof bench.memory.knowledge.query>[0]> = {}, place: { workspaceId: string | null; sessionId: string | null } | null = null, sensitive = true) =>
    bench.memory.knowledge.query({ conditions: { filter: {}, place, sensitive, now: bench.clock.now() }, depth: 0, limit: 100, ...query })
  const names = async (...args: Parameters<typeof ask>) => (await ask(...args)).entities.map(({ name }) => name)
  return { ...bench, ask, names }
}

it('knows what plain sentences say, from whom, and where it stands', async () => {
  const { memory, ask } = open()
  const { item } = await memory.service.save(draft('The harbour server listens on port 3000. The harbour server runs on Debian 12.'), person)
  const { entities, relations } = await ask({ around: 'Harbour Server', depth: 1 })
  expect(entities.map(({ name, facts, trust }) => [name, trust, facts.map(({ attribute, value, itemIds }) => [attribute, value, itemIds])])).toEqual([['harbour server', 'person', [['port', '3000', [item.id]]]], ['Debian 12', 'person', []]])
  expect(relations).toMatchObject([{ from: entities[0]?.id, to: entities[1]?.id, type: 'runs on', itemIds: [item.id] }])
})

it('takes another value of an attribute in place of the one before, and keeps that in the history', async () => {
  const { memory, ask } = open()
  const [first] = memory.knowledge.add([fact('Crane', 'colour', 'red', 'machine')], everywhere, undefined, person)
  const [second] = memory.knowledge.add([fact('the crane', 'Colour', 'blue', 'machine')], everywhere, undefined, person)
  expect(second).toMatchObject({ id: first?.id, revision: 2 })
  expect((await ask()).entities).toMatchObject([{ name: 'the crane', type: 'machine', facts: [{ value: 'blue' }] }])
  memory.service.revert(first?.id ?? '', 1, person)
  expect((await ask()).entities).toMatchObject([{ facts: [{ value: 'red' }] }])
})

it('loses what an item alone said with it, and keeps what another one says too', async () => {
  const { memory, ask, names } = open()
  const one = await memory.service.save(draft('Ana works on the crane. The pier is made of oak.'), person)
  const two = await memory.service.save(draft('Ana works on the crane every day', { statements: [relation('Ana', 'works on', 'crane')] }), person)
  expect((await ask({ around: 'Ana', depth: 1 })).relations[0]?.itemIds).toEqual(expect.arrayContaining([one.item.id, two.item.id]))
  memory.service.forget(one.item.id, person)
  expect((await names()).sort()).toEqual(['Ana', 'crane'])
  expect((await ask({ around: 'Ana', depth: 1 })).relations[0]?.itemIds).toEqual([two.item.id])
  memory.service.restore(one.item.id, person)
  expect(await names({ q: 'pier' })).toEqual(['pier'])
  const erased = await memory.service.erase([one.item.id, two.item.id], 'trace')
  expect(erased.left.reduce((sum, { rows }) => sum + rows, 0)).toBe(0)
  expect(erased.left.map(({ in: place }) => place)).toEqual(expect.arrayContaining(['memory_entities', 'memory_mentions', 'memory_facts', 'memory_relations']))
  expect(await ask()).toEqual({ entities: [], relations: [], more: false })
})

it('ends exactly when it is to end, and is seen only where its items are', async () => {
  const { memory, clock, names } = open()
  memory.knowledge.add([fact('Tide', 'level', 'high')], everywhere, 5, person)
  memory.knowledge.add([fact('Moon', 'phase', 'new')], everywhere, 0, person)
  memory.knowledge.add([fact('Secret dock', 'depth', '9')], { scope: 'workspace', workspaceId: 'w1', sessionId: null }, undefined, person)
  memory.knowledge.add([fact('Vault', 'code', '1234')], { ...everywhere, sensitivity: 'sensitive' }, undefined, person)
  expect((await names()).sort()).toEqual(['Secret dock', 'Tide', 'Vault'])
  expect(await names({}, { workspaceId: 'w2', sessionId: null }, false)).toEqual(['Tide'])
  clock.advance(4_999)
  expect(await names({ q: 'tide' })).toEqual(['Tide'])
  clock.advance(1)
  expect(await names({ q: 'tide' })).toEqual([])
})

it('finds by type, by words of names and values, by relation and by neighbourhood, within bounds', async () => {
  const { memory, ask, names } = open()
  memory.knowledge.add([fact('Ana', 'city', 'Hamburg', 'person'), relation('Ana', 'owns', 'Boat'), relation('Boat', 'lies in', 'Port'), relation('Port', 'belongs to', 'Town')], everywhere, undefined, person)
  expect(await names({ type: 'person' })).toEqual(['Ana'])
  expect(await names({ q: 'hamb' })).toEqual(['Ana'])
  expect((await names({ relation: 'lies in' })).sort()).toEqual(['Boat', 'Port'])
  expect(await names({ around: 'Ana', depth: 2 })).toEqual(['Ana', 'Boat', 'Port'])
  expect(await ask({ around: 'Ana', depth: 4, limit: 2 })).toMatchObject({ more: true, entities: [{ name: 'Ana' }, { name: 'Boat' }] })
  const { entities, relations } = await memory.knowledge.types({ conditions: { filter: {}, place: null, sensitive: true, now: 0 } })
  expect([entities, relations.map(({ type }) => type).sort()]).toEqual([[{ type: 'person', count: 1 }], ['belongs to', 'lies in', 'owns']])
})

it('knows a thing by all of its names for as long as something says that they are one', async () => {
  const { memory, ask } = open()
  memory.knowledge.add([fact('harbord', 'port', '3000'), relation('HS', 'runs on', 'Debian')], everywhere, undefined, person)
  const [alias] = memory.knowledge.add([{ kind: 'entity', about: { name: 'Harbour server', type: 'service' }, aliases: ['harbord', 'HS'] }], everywhere, undefined, person)
  const { entities, relations } = await ask({ around: 'hs', depth: 1 })
  expect(entities).toMatchObject([{ name: 'Harbour server', type: 'service', aliases: ['HS', 'harbord'], facts: [{ value: '3000' }] }, { name: 'Debian' }])
  expect(relations).toMatchObject([{ from: entities[0]?.id, to: entities[1]?.id }])
  memory.service.forget(alias?.id ?? '', person)
  expect((await ask()).entities.map(({ name }) => name).sort()).toEqual(['Debian', 'HS', 'harbord'])
})

it('goes out and comes in with its items, and is read out of what was there before', async () => {
  const { memory, ask } = open()
  memory.knowledge.add([relation('Ana', 'knows', 'Ben'), { kind: 'entity', about: { name: 'Ana', type: 'person' }, aliases: ['Anna'] }], everywhere, undefined, person)
  const { items } = await memory.service.pages({}, { limit: 10 })
  for (const format of ['json', 'markdown'] as const) {
    const other = open()
    const drafts = importText(exportText(items, format), format).map((read) => MemoryDraftSchema.parse('draft' in read ? read.draft : null))
    await other.memory.service.saveMany(drafts, { ...person, by: 'import' })
    expect((await other.ask()).entities.map(({ name, type, aliases }) => [name, type, aliases]).sort()).toEqual((await ask()).entities.map(({ name, type, aliases }) => [name, type, aliases]).sort())
  }
  const { item } = await memory.service.save(draft('The owner of the mill is Cleo', { statements: [] }), person)
  expect(await memory.knowledge.read(person)).toEqual({ looked: 3, read: 1 })
  expect((await ask({ q: 'cleo' })).entities).toMatchObject([{ name: 'mill', facts: [{ value: 'Cleo', itemIds: [item.id] }] }])
})

it('says exactly what the active items say, whatever was done to them', async () => {
  const name = fc.constantFrom('Ana', 'Boat', 'Port', 'the Pier')
  const statement = fc.oneof(
    fc.tuple(name, fc.constantFrom('colour', 'size'), fc.constantFrom('red', 'blue', '3')).map(([about, attribute, value]) => fact(about, attribute, value)),
    fc.tuple(name, fc.constantFrom('owns', 'sees'), name).map(([from, type, to]) => relation(from, type, to)),
  )
  const step = fc.record({
    what: fc.constantFrom('save', 'save', 'forget', 'restore', 'patch', 'erase', 'archive', 'later', 'undo'), place: fc.nat(20), ends: fc.boolean(), statements: fc.array(statement, { maxLength: 3 }), text: fc.uuid(),
  })
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
    const { memory, clock, ask, store } = open()
    const ids: string[] = []
    for (const { what, place, ends, statements, text } of steps) {
      clock.advance(7)
      const id = ids[place % Math.max(1, ids.length)]
      if (what === 'save') ids.push((await memory.service.save(draft(text, { statements, expiresAt: ends ? clock.now() + 30 : null }), person)).item.id)
      else if (what === 'later') clock.advance(20)
      else if (what === 'undo') await memory.undo.apply(clock.now() - 15, undefined, person)
      else if (id === undefined) continue
      else if (what === 'forget') memory.service.forget(id, person)
      else if (what === 'restore') memory.service.restore(id, person)
      else if (what === 'archive') memory.service.patch(id, { archived: ends }, undefined, person)
      else if (what === 'patch') memory.service.patch(id, { statements }, undefined, person)
      else {
        await memory.service.erase([id], 'trace')
        ids.splice(ids.indexOf(id), 1)
      }
    }
    const active = ids.flatMap((id) => store.memory.get(id) ?? []).filter((item) => item.forgottenAt === null && !item.archived && (item.expiresAt === null || item.expiresAt > clock.now()))
    expect(await told(ask)).toEqual(expected(active))
  }), { numRuns: RUNS })
})

async function told(ask: ReturnType<typeof open>['ask']): Promise<string[]> {
  const { entities, relations } = await ask()
  const nameOf = new Map(entities.map(({ id, name }) => [id, plain(name)]))
  return [
    ...entities.flatMap(({ name, facts }) => [plain(name), ...facts.map(({ attribute, value, itemIds }) => `${plain(name)} ${attribute} ${value} ${[...itemIds].sort().join()}`)]),
    ...relations.map(({ from, type, to, itemIds }) => `${nameOf.get(from) ?? ''} ${type} ${nameOf.get(to) ?? ''} ${[...itemIds].sort().join()}`),
  ].sort()
}

function expected(items: readonly MemoryItem[]): string[] {
  const said = new Map<string, Set<string>>()
  const add = (line: string, id: string | null) => said.set(line, new Set([...(said.get(line) ?? []), ...(id === null ? [] : [id])]))
  for (const { id, statements } of items) {
    for (const statement of statements) {
      if (statement.kind === 'fact') {
        add(plain(statement.about.name), null)
        add(`${plain(statement.about.name)} ${statement.attribute} ${statement.value}`, id)
      } else if (statement.kind === 'relation') {
        const [from, to] = [plain(statement.from.name), plain(statement.to.name)]
        add(from, null)
        add(to, null)
        if (from !== to) add(`${from} ${statement.type} ${to}`, id)
      }
    }
  }
  return [...said].map(([line, ids]) => (ids.size === 0 ? line : `${line} ${[...ids].sort().join()}`)).sort()
}

function plain(name: string): string {
  return name.replace(/^the /, '').toLowerCase()
}
