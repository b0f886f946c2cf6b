import { describe, expect, it } from 'vitest'
import { startTestRuntime, type TestRuntimeOptions } from '../../testing/test-runtime'

async function open(options: TestRuntimeOptions = {}) {
  const test = startTestRuntime(options)
  await test.runtime.start()
  const { id } = await test.client.sessions.create({ workspaceId: 'workspace' })
  const send = async (text: string, afterEntryId?: string | null) => {
    const { runId } = await test.client.sessions.send({ id, text, ...(afterEntryId !== undefined && { afterEntryId }) })
    await test.until((event) => event.topic === 'run.update' && event.payload.run.id === runId && event.payload.run.endedAt !== null, 0)
    return runId
  }
  const texts = async (headId?: string) => (await test.client.sessions.entries({ id, ...(headId && { headId }) })).items.map(({ payload }) => ('text' in payload ? payload.text : payload.kind))
  const forks = async () => (await test.client.sessions.forks({ id })).items
  return { ...test, id, send, texts, forks }
}

describe('the places where branches part', () => {
  it('are none in a conversation of one branch', async () => {
    const test = await open()
    await test.send('one')
    expect(await test.forks()).toEqual([])
  })

  it('name the first message of each way and the head that shows it', async () => {
    const test = await open()
    await test.send('one')
    await test.send('two')
    const [first, reply] = (await test.client.sessions.entries({ id: test.id })).items
    await test.send('two, otherwise', reply?.id ?? '')
    const retried = await test.send('two, thirdly', reply?.id ?? '')
    const { runId } = await test.client.runs.retry({ id: retried })
    await test.until((event) => event.topic === 'run.update' && event.payload.run.id === runId && event.payload.run.endedAt !== null, 0)
    await test.send('another start', null)
    const points = await test.forks()
    expect(points.map(({ afterEntryId }) => afterEntryId)).toEqual([null, reply?.id])
    const starts = points[0]?.variants ?? []
    expect(starts[0]?.entryId).toBe(first?.id)
    expect(await test.texts(starts[1]?.headId)).toEqual(['another start', 'Hello.'])
    const ways = points[1]?.variants ?? []
    expect(ways).toHaveLength(4)
    expect((await test.texts(ways[1]?.headId)).slice(2, 3)).toEqual(['two, otherwise'])
    expect(await Promise.all(ways.map(async ({ headId }) => (await test.texts(headId))[2]))).toEqual(['two', 'two, otherwise', 'two, thirdly', 'two, thirdly'])
  })

  it('show a message behind a change of the model as the way it is on', async () => {
    const test = await open()
    await test.send('one')
    const [, reply] = (await test.client.sessions.entries({ id: test.id })).items
    await test.client.sessions.patch({ id: test.id, mode: 'plan' })
    await test.send('two')
    await test.send('otherwise', reply?.id ?? '')
    const [point] = await test.forks()
    const kinds = await Promise.all((point?.variants ?? []).map(async ({ entryId, headId }) => {
      const { items } = await test.client.sessions.entries({ id: test.id, headId })
      return items.find((entry) => entry.id === entryId)?.payload
    }))
    expect(kinds).toMatchObject([{ kind: 'user_message', text: 'two' }, { kind: 'user_message', text: 'otherwise' }])
  })
})

describe('summarising by hand', () => {
  it('replaces what came before the newest message for the model, and costs what it costs', async () => {
    const test = await open({ script: (request) => ({ text: request.system.startsWith('You shorten') ? 'They spoke of harbours.' : 'Yes.', usage: { inputTokens: 10, outputTokens: 5, cachedTokens: 0, totalTokens: 15, estimated: false } }) })
    await test.send('one')
    await test.send('two')
    const entry = await test.client.sessions.compact({ id: test.id })
    expect(entry.payload).toMatchObject({ kind: 'summary', text: 'They spoke of harbours.', keptEntryIds: [] })
    const { parts } = await test.client.sessions.context({ id: test.id })
    expect(parts.map(({ kind }) => kind)).toEqual(['system', 'tools', 'summary', 'user', 'assistant'])
    expect((await test.client.sessions.get({ id: test.id })).usage.totalTokens).toBe(45)
    expect((await test.texts()).slice(0, 4)).toEqual(['one', 'Yes.', 'two', 'Yes.'])
  })

  it('says that there is nothing to summarise, and changes nothing when the model gives nothing', async () => {
    const test = await open({ script: (request) => (request.system.startsWith('You shorten') ? { text: ' ' } : { text: 'Yes.' }) })
    await test.send('one')
    await expect(test.client.sessions.compact({ id: test.id })).rejects.toMatchObject({ code: 'CONFLICT' })
    await test.send('two')
    await expect(test.client.sessions.compact({ id: test.id })).rejects.toMatchObject({ code: 'STREAM_CUT' })
    expect(await test.texts()).toEqual(['one', 'Yes.', 'two', 'Yes.'])
  })
})
