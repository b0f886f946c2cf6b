import { expect, test } from 'vitest'
import { readTool, startTestRuntime, type TestRuntimeOptions } from '../../testing/test-runtime'

const PATH = '.trestle/settings.json'

async function open(text: string, options: TestRuntimeOptions = {}) {
  const files = new Map([[PATH, text]])
  const app = startTestRuntime({ files, ...options })
  await app.runtime.start()
  const turn = async (mode: 'ask' | 'auto-edit' = 'auto-edit') => {
    const session = await app.client.sessions.create({ workspaceId: 'workspace', mode })
    const { runId } = await app.client.sessions.send({ id: session.id, text: 'Paint the harbour red' })
    return { session, runId, ended: async () => {
      const event = await app.until(({ topic, payload }) => topic === 'run.update' && 'run' in payload && payload.run.id === runId && payload.run.endedAt !== null, 0)
      return event.topic === 'run.update' ? event.payload.run : null
    } }
  }
  return { ...app, files, turn }
}

test('a trusted folder narrows what agents may do in it: their mode, their limits, and what they may be asked', async () => {
  const app = await open('// for all of us\n{ "mode": "ask", "limits": { "maxSteps": 1 }, "policies": [{ "name": "No paint", "on": ["prompt"], "patterns": ["paint"], "action": "warn" }] }', {
    tools: [readTool()], script: () => ({ toolCalls: [{ name: 'read' }] }),
  })
  const { session, runId, ended } = await app.turn()
  expect(await app.client.workspaces.settings({ id: 'workspace' })).toMatchObject({ state: 'counts', settings: { mode: 'ask', limits: { maxSteps: 1, maxTokens: null } }, ignored: [] })
  expect(await ended()).toMatchObject({ state: 'failed', mode: 'ask', error: { code: 'MAX_STEPS_EXCEEDED' } })
  expect((await app.client.sessions.entries({ id: session.id })).items.some(({ payload }) => payload.kind === 'guardrail' && payload.why.includes('No paint'))).toBe(true)
  expect(runId).not.toBe('')
})

test('nothing in it lets agents do more, and what has no place in it is named and not looked at', async () => {
  const app = await open('{ "mode": "sandboxed-auto", "limits": { "maxSteps": 9999 }, "web": { "allowedHosts": ["*"] }, "defaultModel": "evil/model", "mcpServers": {} }')
  const before = await app.client.settings.get({})
  const { ended } = await app.turn('ask')
  expect(await ended()).toMatchObject({ state: 'completed', mode: 'ask', model: 'fake/model' })
  expect(await app.client.workspaces.settings({ id: 'workspace' })).toMatchObject({ state: 'counts', ignored: ['web', 'defaultModel', 'mcpServers'] })
  expect(await app.client.settings.get({})).toEqual(before)
})

test('while it is wrong no agent works there, and the place is named; put right, they go on', async () => {
  const app = await open('{\n  "mode": "everything"\n}')
  const first = await app.turn()
  expect(await first.ended()).toMatchObject({ state: 'failed', error: { message: expect.stringContaining('.trestle/settings.json of this folder is wrong, line 2: mode') } })
  expect(app.provider.requests).toEqual([])
  expect((await app.client.sessions.entries({ id: first.session.id })).items.map(({ payload }) => payload.kind)).toEqual(['user_message', 'run_ended'])
  app.files.set(PATH, '{ "mode": "plan" }')
  const second = await app.turn()
  expect(await second.ended()).toMatchObject({ state: 'completed', mode: 'plan' })
  app.files.delete(PATH)
  const third = await app.turn()
  expect(await third.ended()).toMatchObject({ state: 'completed', mode: 'auto-edit' })
})

test('of a folder that is not trusted nothing is read', async () => {
  const app = await open('{ "mode": "everything" }')
  await app.client.workspaces.trust({ id: 'workspace', trusted: false })
  expect(await app.client.workspaces.settings({ id: 'workspace' })).toEqual({ state: 'unread', problem: null, settings: null, ignored: [] })
  expect(await (await app.turn()).ended()).toMatchObject({ state: 'completed' })
})
