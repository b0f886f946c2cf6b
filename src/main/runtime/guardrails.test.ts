import { expect, test } from 'vitest'
import { GuardrailSettingsSchema, type Policy } from '#contract/guardrails'
import { type FakeReply, startTestRuntime, type TestRuntime, writeTool } from '../../testing/test-runtime'

const policy = (change: Partial<Policy>): Policy => ({ id: 'p', name: 'No secrets of state', enabled: true, on: ['prompt'], tool: null, patterns: ['top secret'], action: 'stop', ...change })
const write = (path: string): FakeReply => ({ toolCalls: [{ name: 'write', arguments: { path } }] })

async function started(script: readonly FakeReply[], policies: readonly Policy[], tripwires: object = {}) {
  const { tool, written } = writeTool()
  const test = startTestRuntime({ script, tools: [tool] })
  await test.client.settings.put({ guardrails: GuardrailSettingsSchema.parse({ policies, tripwires }) })
  await test.runtime.start()
  const session = await test.client.sessions.create({ workspaceId: 'workspace', mode: 'auto-edit' })
  const say = async (text: string) => (await test.client.sessions.send({ id: session.id, text })).runId
  const hits = async () => (await test.client.sessions.entries({ id: session.id })).items.flatMap(({ payload }) => (payload.kind === 'guardrail' ? [`${payload.rail} ${payload.on} ${payload.outcome}`] : []))
  return { ...test, session, written, say, hits }
}

const ended = async (test: Pick<TestRuntime, 'until'>, runId: string) => {
  const event = await test.until((each) => each.topic === 'run.update' && each.payload.run.id === runId && each.payload.run.endedAt !== null, 0)
  return event.topic === 'run.update' ? event.payload.run : null
}
const asked = async (test: Pick<TestRuntime, 'until'>) => {
  const event = await test.until((each) => each.topic === 'human.request' && each.payload.request.status === 'open', 0)
  if (event.topic !== 'human.request') throw new Error('nothing is asked')
  return event.payload.request
}

test('a message that goes against a policy never reaches the model', async () => {
  const test = await started([], [policy({})])
  const run = await ended(test, await test.say('Tell me what is TOP SECRET here'))
  expect(run).toMatchObject({ state: 'failed', error: { code: 'GUARDRAIL_STOPPED', message: expect.stringContaining('No secrets of state') } })
  expect(test.provider.requests).toHaveLength(0)
  expect(await test.hits()).toEqual(['p prompt stopped'])
  expect((await test.client.audit.list({ kind: 'guardrail', limit: 5 })).items).toMatchObject([{ severity: 'high', content: { rail: 'p', outcome: 'stopped' } }])
})

test('a reply that goes against one stops the run before its calls are made', async () => {
  const test = await started([{ text: 'It is top secret.', ...write('a') }], [policy({ on: ['reply'] })])
  expect(await ended(test, await test.say('Go'))).toMatchObject({ state: 'failed', error: { code: 'GUARDRAIL_STOPPED' } })
  expect(test.written).toEqual([])
})

test('a call that goes against one is refused, and the agent is told why', async () => {
  const test = await started([write('top secret.txt'), write('plain.txt'), { text: 'Done.' }], [policy({ on: ['tool'], tool: 'write' })])
  expect(await ended(test, await test.say('Go'))).toMatchObject({ state: 'completed' })
  expect(test.written).toEqual(['plain.txt'])
  expect(await test.hits()).toEqual(['p tool stopped'])
  expect(JSON.stringify(test.provider.requests[1]?.messages)).toContain('The policy “No secrets of state” looks for')
})

test('a call that asks because of one waits for a person, whatever the mode allows', async () => {
  const test = await started([write('top secret.txt'), { text: 'Done.' }], [policy({ on: ['tool'], action: 'ask' })])
  const runId = await test.say('Go')
  const request = await asked(test)
  expect(request).toMatchObject({ toolName: 'write', decisions: ['once', 'reject'], reason: expect.stringContaining('No secrets of state') })
  await test.client.humanRequests.answer({ id: request.id, decision: 'once' })
  await ended(test, runId)
  expect(test.written).toEqual(['top secret.txt'])
})

test('a warning is in the conversation and the run goes on', async () => {
  const test = await started([{ text: 'It is top secret.' }], [policy({ on: ['prompt', 'reply'], action: 'warn' })])
  expect(await ended(test, await test.say('Is it top secret?'))).toMatchObject({ state: 'completed' })
  expect(await test.hits()).toEqual(['p prompt warned', 'p reply warned'])
})

test.each([['once', 'completed', 3], ['reject', 'failed', 2]] as const)('a tripwire waits for a person: %s, and the run is %s', async (decision, state, calls) => {
  const test = await started([write('a'), write('b'), write('c'), { text: 'Done.' }], [], { callsPerMinute: 1 })
  const runId = await test.say('Go')
  const request = await asked(test)
  expect(request).toMatchObject({ title: 'Shall the agent go on?', reason: 'The agent made 2 calls within a minute.' })
  await test.client.humanRequests.answer({ id: request.id, decision })
  expect(await ended(test, runId)).toMatchObject({ state })
  expect(test.written).toHaveLength(calls)
})

test('one that warns or stops needs nobody', async () => {
  const warned = await started([write('a'), write('b'), { text: 'Done.' }], [], { callsPerMinute: 1, action: 'warn' })
  expect(await ended(warned, await warned.say('Go'))).toMatchObject({ state: 'completed' })
  expect(await warned.hits()).toEqual(['callsPerMinute run warned'])
  const stopped = await started([write('a'), write('b'), { text: 'Done.' }], [], { callsPerMinute: 1, action: 'stop' })
  expect(await ended(stopped, await stopped.say('Go'))).toMatchObject({ state: 'failed', error: { code: 'GUARDRAIL_STOPPED' } })
})

test('changes of the guardrails are in the audit', async () => {
  const test = await started([], [])
  await test.client.settings.put({ guardrails: GuardrailSettingsSchema.parse({ policies: [policy({})] }) })
  expect((await test.client.audit.list({ kind: 'rule', limit: 5 })).items).toMatchObject([{ title: 'Settings changed: guardrails' }])
})
