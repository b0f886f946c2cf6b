import { expect, test } from 'vitest'
import type { NewPermissionRule } from '#contract/permissions'
import { createManualClock } from '../../testing/manual-clock'
import { startTestRuntime } from '../../testing/test-runtime'

const always: NewPermissionRule = { effect: 'deny', scope: 'user', targetId: null, tool: null, capability: null, conditions: [], priority: 0, expiresAt: null, note: '' }

test('rules are made, changed, listed in order, explained and removed', async () => {
  const { client, events } = startTestRuntime()
  const deny = await client.permissions.create({ ...always, tool: 'write' })
  const allow = await client.permissions.create({ ...always, effect: 'allow', scope: 'workspace', targetId: 'workspace', tool: 'write', priority: 5 })
  expect((await client.permissions.list({})).items.map(({ id }) => id)).toEqual([allow.id, deny.id])
  const ask = { tool: 'write', workspaceId: 'workspace', arguments: { path: 'a' }, paths: ['a'] }
  expect(await client.permissions.explain(ask)).toEqual({ effect: 'allow', rule: 'rule', ruleId: allow.id, reason: 'Your rule: allow write', alsoFit: [deny.id] })
  await client.permissions.replace({ ...allow, priority: -5 })
  expect(await client.permissions.explain(ask)).toMatchObject({ effect: 'deny', ruleId: deny.id })
  await client.permissions.remove({ id: deny.id })
  await client.permissions.remove({ id: allow.id })
  expect(await client.permissions.explain({ ...ask, mode: 'auto-edit' })).toMatchObject({ effect: 'allow', rule: 'auto-edit-mode', ruleId: null })
  await expect(client.permissions.remove({ id: allow.id })).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' })
  expect(events.filter(({ topic }) => topic === 'permissions.update')).toHaveLength(5)
})

test('a rule that makes no sense is refused', async () => {
  const { client } = startTestRuntime()
  await expect(client.permissions.create({ ...always, scope: 'workspace' })).rejects.toMatchObject({ code: 'INVALID_PARAMETERS' })
  await expect(client.permissions.create({ ...always, scope: 'session', targetId: 'none' })).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' })
  await expect(client.permissions.create({ ...always, expiresAt: 1 })).rejects.toMatchObject({ code: 'INVALID_PARAMETERS' })
  await expect(client.permissions.create({ ...always, conditions: [{ key: 'nonsense', operator: 'equals', value: 'x' }] })).rejects.toThrow()
  await expect(client.permissions.explain({ tool: 'none' })).rejects.toMatchObject({ code: 'INVALID_PARAMETERS' })
})

test('a rule decides the next call of a running session, and names itself to the model', async () => {
  const { client, runtime, until, events } = startTestRuntime({
    script: [{ toolCalls: [{ name: 'write', arguments: { path: 'a' } }] }, { text: 'Done.' }],
  })
  await runtime.start()
  await client.permissions.create({ ...always, tool: 'write', note: 'Not today' })
  const session = await client.sessions.create({ workspaceId: 'workspace', mode: 'auto-edit' })
  await client.sessions.send({ id: session.id, text: 'Write' })
  await until((event) => event.topic === 'run.update' && event.payload.run.state === 'completed', 0)
  const results = events.flatMap((event) => (event.topic === 'session.entry' && event.payload.entry.payload.kind === 'tool_result' ? [event.payload.entry.payload] : []))
  expect(results).toMatchObject([{ outcome: 'denied', content: 'Your rule: never allow write (Not today)' }])
  await runtime.stop(0)
})

test('an expired rule does not count any more', async () => {
  const clock = createManualClock()
  const { client } = startTestRuntime({ clock })
  const rule = await client.permissions.create({ ...always, tool: 'write', expiresAt: clock.now() + 1000 })
  const ask = { tool: 'write', workspaceId: 'workspace', mode: 'auto-edit' as const }
  expect((await client.permissions.explain(ask)).ruleId).toBe(rule.id)
  clock.advance(1000)
  expect(await client.permissions.explain(ask)).toMatchObject({ effect: 'allow', ruleId: null })
  expect((await client.permissions.list({})).items).toEqual([])
})
