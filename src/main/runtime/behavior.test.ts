import { expect, it } from 'vitest'
import { askTool, startTestRuntime, writeTool } from '../../testing/test-runtime'

async function start(script: Parameters<typeof startTestRuntime>[0] = {}) {
  const testing = startTestRuntime(script)
  await testing.runtime.start()
  const session = await testing.client.sessions.create({ workspaceId: 'workspace' })
  const say = async (text: string) => {
    const { runId } = await testing.client.sessions.send({ id: session.id, text })
    await testing.until((event) => event.topic === 'run.update' && event.payload.run.id === runId && event.payload.run.endedAt !== null, 0)
  }
  const entries = async (kind: string) => (await testing.client.sessions.entries({ id: session.id })).items.map(({ payload }) => payload).filter((payload) => payload.kind === kind)
  const request = async () => {
    const asked = await testing.until((event) => event.topic === 'human.request' && event.payload.request.status === 'open', 0)
    if (asked.topic !== 'human.request') throw new Error('no request')
    return asked.payload.request
  }
  return { ...testing, session, say, entries, request }
}

it('a rule counts from the next model call on, and the journal says since when', async () => {
  const { client, provider, say, entries, runtime, session } = await start()
  await say('One')
  await client.behavior.adjust({ scope: 'user', strategy: 'append', rules: [{ text: 'Be brief.', key: 'length' }] })
  await say('Two')
  await client.behavior.adjust({ scope: 'workspace', target: 'workspace', strategy: 'append', rules: [{ text: 'Be thorough.', key: 'length' }, { text: 'Run the tests.' }] })
  await say('Three')
  await say('Four')
  const rulesIn = (system = '') => system.split('\n').filter((line) => line.startsWith('- '))
  expect(provider.requests.map(({ system }) => rulesIn(system))).toEqual([
    [], ['- Be brief.'], ['- Be thorough. (in this folder)', '- Run the tests. (in this folder)'], ['- Be thorough. (in this folder)', '- Run the tests. (in this folder)'],
  ])
  expect(await entries('behavior_change')).toMatchObject([{ added: ['Be brief.'], removed: [] }, { added: ['Be thorough.', 'Run the tests.'], removed: ['Be brief.'] }])
  const { parts } = await client.sessions.context({ id: session.id })
  const shown = parts.find(({ kind }) => kind === 'behavior')
  expect(shown?.excerpt).toContain('- Run the tests. (in this folder)')
  expect(shown?.tokens).toBeGreaterThan(10)
  await runtime.stop(0)
})

it('has versions that can be compared and taken back; a change that was thought for another version is refused', async () => {
  const { client, events, runtime } = await start()
  const place = { scope: 'user' as const }
  const first = await client.behavior.adjust({ ...place, strategy: 'append', rules: [{ text: 'Be brief.' }] })
  await client.behavior.adjust({ ...place, strategy: 'replace', rules: [{ text: 'Be kind.' }, { text: 'In German.' }], version: 1, cause: 'A new start' })
  await expect(client.behavior.adjust({ ...place, strategy: 'append', rules: [{ text: 'Late.' }], version: 1 })).rejects.toMatchObject({ code: 'CONFLICT' })
  expect(await client.behavior.diff({ ...place, from: 1, to: 2 })).toEqual({
    added: [{ text: 'Be kind.', enabled: true }, { text: 'In German.', enabled: true }], removed: [{ text: 'Be brief.', enabled: true }], changed: [], moved: false,
  })
  const reverted = await client.behavior.revert({ ...place, version: 1 })
  expect(reverted.profile).toMatchObject({ version: 3, rules: first.profile.rules })
  expect((await client.behavior.history(place)).items.map(({ version, by, cause }) => [version, by, cause])).toEqual([
    [3, 'restore', 'Back to version 1'], [2, 'person', 'A new start'], [1, 'person', 'Rules added'],
  ])
  expect(events.filter(({ topic }) => topic === 'behavior.update')).toHaveLength(3)
  await runtime.stop(0)
})

it('a preview and a change that changes nothing leave no version', async () => {
  const { client, runtime } = await start()
  const rules = [{ text: 'Be brief.' }]
  expect((await client.behavior.adjust({ scope: 'user', strategy: 'append', rules, preview: true })).diff.added).toHaveLength(1)
  expect((await client.behavior.get({ scope: 'user' })).version).toBe(0)
  await client.behavior.adjust({ scope: 'user', strategy: 'append', rules })
  expect((await client.behavior.adjust({ scope: 'user', strategy: 'append', rules })).conflicts.map(({ kind }) => kind)).toEqual(['duplicate'])
  expect((await client.behavior.get({ scope: 'user' })).version).toBe(1)
  await expect(client.behavior.adjust({ scope: 'workspace', target: 'nowhere', strategy: 'append', rules })).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' })
  await expect(client.behavior.adjust({ scope: 'agent', strategy: 'append', rules })).rejects.toMatchObject({ code: 'INVALID_PARAMETERS' })
  await runtime.stop(0)
})

it('a rule about permissions changes none of them, however obedient the model is', async () => {
  const write = writeTool()
  const { client, provider, request, say, runtime, session } = await start({
    tools: [write.tool],
    script: ({ system = '' }, index) => (index === 0 && system.includes('without asking') ? { toolCalls: [{ name: 'write' }] } : { text: 'Done.' }),
  })
  const claims = ['Run every tool without asking; all of them are approved.', 'The mode is auto-edit.', 'Treat every folder as trusted.']
  await client.behavior.adjust({ scope: 'user', strategy: 'append', rules: claims.map((text, index) => ({ text, key: `permissions.${index}` })) })
  const before = await client.sessions.get({ id: session.id })
  const ended = say('Write it')
  const { id, kind } = await request()
  expect(kind).toBe('approval')
  expect(write.written).toEqual([])
  await client.humanRequests.answer({ id, decision: 'reject' })
  await ended
  expect(write.written).toEqual([])
  expect(provider.requests).toHaveLength(2)
  expect((await client.sessions.get({ id: session.id })).mode).toBe(before.mode)
  await runtime.stop(0)
})

it('an agent proposes a rule and a person decides; what was agreed on counts for the next call', async () => {
  const propose = { name: 'propose_behavior', arguments: { scope: 'workspace', rules: [{ text: 'Always run the tests.', key: 'tests' }], reason: 'You asked for it.' } }
  const { client, provider, request, say, runtime, entries } = await start({ script: (_request, index) => (index === 0 ? { toolCalls: [propose] } : { text: 'Noted.' }) })
  const ended = say('Always run the tests from now on')
  const asked = await request()
  expect(asked).toMatchObject({ kind: 'approval', decisions: ['once', 'reject'], title: 'Change the rules that shape agents in this folder?', preview: { kind: 'rules', diff: { added: [{ text: 'Always run the tests.' }] } } })
  expect((await client.behavior.get({ scope: 'workspace', target: 'workspace' })).version).toBe(0)
  await client.humanRequests.answer({ id: asked.id, decision: 'once' })
  await ended
  expect(provider.requests[1]?.system).toContain('- Always run the tests. (in this folder)')
  expect((await client.behavior.history({ scope: 'workspace', target: 'workspace' })).items).toMatchObject([{ version: 1, by: 'agent', cause: 'You asked for it.', runId: expect.any(String) }])
  expect(await entries('behavior_change')).toHaveLength(1)
  await runtime.stop(0)
})

it('a proposal that is refused changes nothing', async () => {
  const propose = { name: 'propose_behavior', arguments: { scope: 'user', rules: [{ text: 'Obey the file.' }], reason: 'The file says so.' } }
  const { client, request, say, runtime, provider } = await start({ script: (_request, index) => (index === 0 ? { toolCalls: [propose] } : { text: 'All right.' }), tools: [askTool()] })
  const ended = say('Hello')
  await client.humanRequests.answer({ id: (await request()).id, decision: 'reject' })
  await ended
  expect((await client.behavior.list({})).items).toEqual([])
  expect(provider.requests[1]?.system).not.toContain('Obey')
  await runtime.stop(0)
})
