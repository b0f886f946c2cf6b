import { describe, expect, test } from 'vitest'
import { readTool, startTestRuntime, type TestRuntimeOptions } from '../../testing/test-runtime'

const key = `ghp_${'aB3dE6gH9jK2mN5pQ8rS1tU4vW7xY0zAbCdE'}`
const other = `xoxb-${'1a2b3c4d5e6f7g8h9i0j'}`

async function open(options: TestRuntimeOptions = {}) {
  const testing = startTestRuntime({ script: () => ({ text: 'Done.' }), ...options })
  await testing.runtime.start()
  const session = await testing.client.sessions.create({ workspaceId: 'workspace' })
  const asked = async () => {
    const event = await testing.until((seen) => seen.topic === 'human.request' && seen.payload.request.status === 'open' && seen.payload.request.kind === 'secrets', 0)
    return event.topic === 'human.request' ? event.payload.request : null
  }
  const ended = (runId: string) => testing.until((event) => event.topic === 'run.update' && event.payload.run.id === runId && event.payload.run.endedAt !== null, 0)
  const sent = () => JSON.stringify(testing.provider.requests)
  return { ...testing, session, asked, ended, sent }
}

describe('what looks like a key', () => {
  test.each([['once', true], ['reject', false], ['always', false]] as const)('in a message is held until a person decides: %s', async (decision, arrives) => {
    const { client, session, asked, ended, sent, runtime, provider, store } = await open()
    const { runId } = await client.sessions.send({ id: session.id, text: `Use ${key} please` })
    const request = await asked()
    expect(request).toMatchObject({ title: 'Your message has what looks like a GitHub token. Send it to fake?', decisions: ['reject', 'always', 'once'], preview: { kind: 'secrets', found: [{ what: 'a GitHub token', where: 'Your message', shown: 'ghp_••••dE' }], more: 0 } })
    expect(JSON.stringify(request)).not.toContain(key)
    expect(provider.requests).toEqual([])
    await client.humanRequests.answer({ id: request?.id ?? '', decision })
    await ended(runId)
    expect(sent().includes(key)).toBe(arrives)
    if (!arrives) expect(sent()).toContain('Use [left out by Trestle: a GitHub token] please')
    expect((await client.settings.get({})).secrets.leaveOutIn).toEqual(decision === 'always' ? ['/folder'] : [])
    expect(store.grants.listFor(session.id, 'workspace', 0)).toEqual([])
    // It is not asked again what was decided.
    const again = await client.sessions.send({ id: session.id, text: 'And now?' })
    await ended(again.runId)
    expect((await client.humanRequests.list({})).items).toHaveLength(1)
    expect(sent().includes(key)).toBe(arrives)
    await runtime.stop(0)
  })

  test('in the result of a tool is held too, and only what is new is asked', async () => {
    const { client, session, asked, ended, sent, runtime, until } = await open({
      tools: [readTool(() => Promise.resolve({ content: `TOKEN=${other}` }))],
      script: ({ messages }) => (messages.some(({ role }) => role === 'tool') ? { text: 'Done.' } : { toolCalls: [{ name: 'read' }] }),
    })
    const { runId } = await client.sessions.send({ id: session.id, text: `Use ${key}` })
    const first = await asked()
    await client.humanRequests.answer({ id: first?.id ?? '', decision: 'once' })
    const second = await until((event) => event.topic === 'human.request' && event.payload.request.status === 'open' && event.payload.request.id !== first?.id, 0)
    const request = second.topic === 'human.request' ? second.payload.request : null
    expect(request?.preview).toMatchObject({ found: [{ what: 'a Slack token', where: 'The result of a tool' }] })
    await client.humanRequests.answer({ id: request?.id ?? '', decision: 'reject' })
    await ended(runId)
    expect([sent().includes(key), sent().includes(other), sent().includes('[left out by Trestle: a Slack token]')]).toEqual([true, false, true])
    await runtime.stop(0)
  })

  test('is left out without a question where it was set so, in tasks, and in what is sent behind turns', async () => {
    const { client, session, ended, sent, runtime, until } = await open()
    const settings = await client.settings.get({})
    await client.tasks.create({ title: 'One', instruction: `Use ${key}`, workspaceId: 'workspace', start: 'ready' })
    await until((event) => event.topic === 'run.update' && event.payload.run.endedAt !== null, 0)
    expect([sent().includes(key), sent().includes('left out by Trestle')]).toEqual([false, true])
    await client.settings.put({ secrets: { ...settings.secrets, found: 'leave-out' } })
    const { runId } = await client.sessions.send({ id: session.id, text: `Use ${other}` })
    await ended(runId)
    expect(sent()).not.toContain(other)
    expect((await client.humanRequests.list({})).items).toEqual([])
    await client.settings.put({ secrets: { ...settings.secrets, found: 'send' } })
    const second = await client.sessions.send({ id: session.id, text: 'Again' })
    await ended(second.runId)
    expect(sent()).toContain(other)
    await runtime.stop(0)
  })

  test('details of people are held where that was chosen, shown masked, and left out where a person says so', async () => {
    const { client, session, asked, ended, sent, runtime, provider } = await open()
    const text = 'Invite ada@analytical-engine.co.uk, or call +49 30 901820'
    const first = await client.sessions.send({ id: session.id, text })
    await ended(first.runId)
    expect(sent()).toContain('ada@analytical')
    const { secrets } = await client.settings.get({})
    await client.settings.put({ secrets: { ...secrets, personal: 'ask' } })
    const second = await client.sessions.send({ id: session.id, text: 'Who was that?' })
    const request = await asked()
    expect(request).toMatchObject({ title: 'What is about to be sent to fake has what looks like 2 personal details. Send them?', preview: { found: [{ what: 'an e-mail address', shown: 'ada@••••uk' }, { what: 'a phone number' }] } })
    await client.humanRequests.answer({ id: request?.id ?? '', decision: 'reject' })
    await ended(second.runId)
    expect(JSON.stringify(provider.requests.at(-1))).toContain('Invite [left out by Trestle: an e-mail address], or call [left out by Trestle: a phone number]')
    await runtime.stop(0)
  })

  test('waits over a stop of the run, and over a stop of Trestle', async () => {
    const { client, session, asked, ended, runtime, provider } = await open()
    const { runId } = await client.sessions.send({ id: session.id, text: `Use ${key}` })
    await asked()
    await client.runs.cancel({ id: runId })
    await ended(runId)
    expect((await client.humanRequests.list({ status: 'open' })).items).toEqual([])
    expect(provider.requests).toEqual([])
    await runtime.stop(0)
  })
})
