import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { startTestRuntime, type TestRuntimeOptions } from '../../testing/test-runtime'

async function open(options: TestRuntimeOptions = {}) {
  const test = startTestRuntime(options)
  await test.runtime.start()
  const start = async (title: string) => (await test.client.sessions.create({ workspaceId: 'workspace', title })).id
  const say = (sessionId: string, instruction: string) => test.client.agents.execute({ instruction, sessionId })
  const find = async (query: string, more: { sessionId?: string; workspaceId?: string } = {}) => {
    const { items } = await test.client.search.sessions({ query, ...more })
    return items.map(({ session, hits }) => [session.title, ...hits.map(({ kind, snippet }) => `${kind}: ${snippet.map((part) => (part.hit ? `[${part.text}]` : part.text)).join('')}`)])
  }
  return { ...test, start, say, find }
}

describe('the search', () => {
  it('finds titles, messages, replies, calls and their results, grouped by session, titles first', async () => {
    const script = [{ text: 'I look at the quay.', toolCalls: [{ name: 'read', arguments: { path: 'quay.txt' } }] }, { text: 'Done.' }, { text: 'Which quay?' }]
    const test = await open({ script, contextWindow: 200_000 })
    await test.say(await test.start('One'), 'Paint the quay')
    await test.say(await test.start('The quay again'), 'Hello')
    expect(await test.find('quay ')).toEqual([
      ['The quay again', 'title: The [quay] again', 'agent: Which [quay]?'],
      ['One', 'tool: content of [quay].txt', 'agent: I look at the [quay]. read [quay].txt', 'user: Paint the [quay]'],
    ])
  })

  it('knows words, beginnings and phrases; all must be in one place', async () => {
    const test = await open()
    await test.say(await test.start('A'), 'the blue harbour wall')
    await test.say(await test.start('B'), 'a blue wall')
    const titles = async (query: string) => (await test.find(query)).map(([title]) => title)
    expect(await titles('blue wall ')).toEqual(['B', 'A'])
    expect(await titles('"blue wall" ')).toEqual(['B'])
    expect(await titles('harb')).toEqual(['A'])
    expect(await titles('harb ')).toEqual([])
    expect(await titles('blue nowhere ')).toEqual([])
  })

  it('follows renaming, the bin and removal', async () => {
    const test = await open()
    const id = await test.start('Harbour')
    await test.say(id, 'paint it')
    await test.client.sessions.patch({ id, title: 'Quay' })
    expect(await test.find('harbour')).toEqual([])
    expect(await test.find('quay')).toHaveLength(1)
    await test.client.sessions.trash({ id })
    expect(await test.find('paint')).toEqual([])
    await test.client.sessions.untrash({ id })
    expect(await test.find('paint')).toHaveLength(1)
    await test.client.sessions.remove({ id })
    expect(await test.find('paint')).toEqual([])
    expect(await test.find('quay')).toEqual([])
  })

  it('looks in one session or one folder when asked to', async () => {
    const test = await open()
    const one = await test.start('One')
    const elsewhere = await test.client.sessions.create({ title: 'Elsewhere' })
    for (let index = 0; index < 5; index += 1) await test.say(one, `harbour ${index}`)
    await test.say(elsewhere.id, 'harbour too')
    expect((await test.find('harbour')).map(([title]) => title)).toEqual(['Elsewhere', 'One'])
    expect((await test.find('harbour', { workspaceId: 'workspace' })).map(([title, ...hits]) => [title, hits.length])).toEqual([['One', 3]])
    expect((await test.find('harbour', { sessionId: one }))[0]).toHaveLength(6)
  })

  it('never fails, whatever is typed', async () => {
    const test = await open()
    await test.say(await test.start('A'), 'the blue harbour wall')
    const typed = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.stringMatching(/^[ "*()^:{}+\-a-c]{0,30}$/), fc.constantFrom('NEAR(a b)', 'title:x', '{body}:', 'a AND', 'NOT', '"', '\u0000a'))
    await fc.assert(fc.asyncProperty(typed, async (query) => { await test.client.search.sessions({ query }) }), { numRuns: 300 })
  })
})
