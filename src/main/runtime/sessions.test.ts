import { describe, expect, it } from 'vitest'
import { startTestRuntime, type TestRuntimeOptions } from '../../testing/test-runtime'

async function open(options: TestRuntimeOptions = {}) {
  const test = startTestRuntime(options)
  await test.runtime.start()
  const session = await test.client.sessions.create({ workspaceId: 'workspace' })
  const say = async (text: string) => {
    await test.client.agents.execute({ instruction: text, sessionId: session.id })
  }
  return { ...test, session, say }
}

describe('a session', () => {
  it('is in a workspace that is known, in the default mode', async () => {
    const test = await open()
    expect(test.session).toMatchObject({ workspaceId: 'workspace', mode: 'ask', model: null, status: 'idle', title: 'New session', costUsd: null })
    await expect(test.client.sessions.create({ workspaceId: 'nowhere' })).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' })
  })

  it('marks a change of mode and of model in the conversation, once there is one', async () => {
    const test = await open()
    await test.client.sessions.patch({ id: test.session.id, mode: 'plan' })
    await test.say('hello')
    await test.client.sessions.patch({ id: test.session.id, mode: 'auto-edit' })
    await test.client.sessions.patch({ id: test.session.id, model: 'fake/other' })
    await test.client.sessions.patch({ id: test.session.id, model: 'fake/other' })
    const { items } = await test.client.sessions.entries({ id: test.session.id })
    expect(items.slice(2).map(({ payload }) => payload)).toEqual([
      { kind: 'mode_change', from: 'plan', to: 'auto-edit' }, { kind: 'model_change', from: null, to: 'fake/other' },
    ])
  })

  it('pages through a long conversation from the newest, without gaps', async () => {
    const test = await open()
    for (let index = 0; index < 5; index += 1) await test.say(`message ${index}`)
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await test.client.sessions.entries({ id: test.session.id, limit: 3, ...(cursor && { cursor }) })
      seen.unshift(...page.items.map(({ id }) => id))
      cursor = page.nextCursor ?? undefined
    } while (cursor)
    expect(seen).toEqual((await test.client.sessions.entries({ id: test.session.id })).items.map(({ id }) => id))
    expect(seen).toHaveLength(10)
  })

  it('takes no entry of another session to continue from or to page by', async () => {
    const test = await open()
    await test.say('hello')
    const [entry] = (await test.client.sessions.entries({ id: test.session.id })).items
    const other = await test.client.sessions.create({})
    await expect(test.client.sessions.fork({ id: other.id, entryId: entry?.id ?? '' })).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' })
    await expect(test.client.sessions.entries({ id: other.id, cursor: entry?.id ?? '' })).rejects.toMatchObject({ code: 'INVALID_PARAMETERS' })
  })

  it('leaves a tool output out of the context when a person says so, and keeps it in the journal', async () => {
    const test = await open({ script: [{ toolCalls: [{ name: 'read' }] }, { text: 'ok' }, { text: 'still ok' }] })
    await test.say('read it')
    const { items } = await test.client.sessions.entries({ id: test.session.id })
    const result = items.find(({ payload }) => payload.kind === 'tool_result')
    await expect(test.client.sessions.discard({ id: test.session.id, entryIds: [items[0]?.id ?? ''] })).rejects.toMatchObject({ code: 'INVALID_PARAMETERS' })
    expect((await test.client.sessions.discard({ id: test.session.id, entryIds: [result?.id ?? ''] })).payload).toMatchObject({ kind: 'context_discard', entryIds: [result?.id] })
    await test.say('go on')
    expect(JSON.stringify(test.provider.requests[2]?.messages)).not.toContain('content of a.txt')
    expect((await test.client.sessions.entries({ id: test.session.id })).items).toContainEqual(result)
  })

  it('stops its turn and goes for good when it is deleted', async () => {
    const test = await open({ script: [{ hang: true }] })
    const { runId } = await test.client.sessions.send({ id: test.session.id, text: 'go' })
    await test.until(({ topic }) => topic === 'step.update', 0)
    await test.client.sessions.remove({ id: test.session.id })
    await expect(test.client.sessions.get({ id: test.session.id })).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' })
    await expect(test.client.runs.get({ id: runId })).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' })
    expect(test.events.at(-1)).toMatchObject({ topic: 'session.removed', payload: { sessionId: test.session.id } })
    // There are neither snapshots nor a sandbox in this fake.
    expect(test.logged.filter((event) => !['checkpoint.failed', 'sandbox.off'].includes(event))).toEqual([])
  })
})
