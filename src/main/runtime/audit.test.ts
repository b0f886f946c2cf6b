import { expect, test } from 'vitest'
import { startTestRuntime } from '../../testing/test-runtime'

const newest = { limit: 500 }

test('decisions, approvals, grants and tool calls of a run are recorded in order, and verify', async () => {
  const { client, runtime, until, store } = startTestRuntime({
    script: [{ toolCalls: [{ name: 'read', arguments: { path: 'a' } }] }, { toolCalls: [{ name: 'write', arguments: { path: 'b' } }] }, { text: 'Done.' }],
  })
  await runtime.start()
  const session = await client.sessions.create({ workspaceId: 'workspace', mode: 'ask' })
  await client.sessions.send({ id: session.id, text: 'Go' })
  const asked = await until((event) => event.topic === 'human.request', 0)
  if (asked.topic !== 'human.request') throw new Error('nothing was asked')
  await client.humanRequests.answer({ id: asked.payload.request.id, decision: 'session' })
  await until((event) => event.topic === 'run.update' && event.payload.run.state === 'completed', 0)
  const { items } = await client.audit.list({ ...newest, sessionId: session.id })
  const { title } = asked.payload.request
  expect(items.reverse().map((record) => `${record.kind}: ${record.title}`)).toEqual([
    expect.stringMatching(/^decision: Allowed: /), 'tool: read: done', `decision: A person is asked: ${title}`,
    `approval: Allowed for the session: ${title}`, 'grant: write may run without asking in the session', 'tool: write: done',
  ])
  expect(items[2]?.content).toMatchObject({ effect: 'ask', rule: 'ask-mode', tool: 'write', arguments: { path: 'b' } })
  expect(await client.audit.verify({})).toMatchObject({ ok: true, problems: [] })
  await runtime.stop(0)
  expect(store.audit.head()?.number).toBeGreaterThan(5)
})

test('what a person changes is recorded with what it was before', async () => {
  const { client, runtime } = startTestRuntime()
  await runtime.start()
  const rule = await client.permissions.create({ effect: 'deny', scope: 'user', targetId: null, tool: 'write', capability: null, conditions: [], priority: 0, expiresAt: null, note: '' })
  await client.permissions.replace({ ...rule, effect: 'ask' })
  await client.permissions.remove({ id: rule.id })
  await client.workspaces.trust({ id: 'workspace', trusted: false })
  await client.work.lockDown({})
  await client.work.lift({})
  await client.providers.setKey({ id: 'fake', key: 'a-secret-value' })
  runtime.noteLogin({ ok: false, via: 'rest', from: '127.0.0.1' })
  runtime.noteLogin({ ok: false, via: 'rest', from: '127.0.0.1' })
  const { items } = await client.audit.list(newest)
  expect(items.reverse().map(({ title }) => title).filter((title) => !title.startsWith('Key read'))).toEqual([
    'Rule added: never allow write', 'Rule changed: ask before write', 'Rule removed: ask before write', 'Trust withdrawn from /folder',
    'Locked down: everything stops', 'The lock-down was lifted', 'Key kept: provider:fake', 'Fake: the key “Key” was added', '127.0.0.1 was refused: no token, or a wrong one (rest)',
  ])
  expect(items[1]?.content).toMatchObject({ rule: { effect: 'ask' }, before: { effect: 'deny' } })
  expect(JSON.stringify(items)).not.toContain('a-secret-value')
  await runtime.stop(0)
})

test('a change that fails leaves no record of it', async () => {
  const { client, store } = startTestRuntime()
  const { put } = store.permissionRules
  Object.assign(store.permissionRules, { put: (rule: Parameters<typeof put>[0]) => { put(rule); throw new Error('broken') } })
  await expect(client.permissions.create({ effect: 'deny', scope: 'user', targetId: null, tool: 'write', capability: null, conditions: [], priority: 0, expiresAt: null, note: '' })).rejects.toThrow()
  expect((await client.audit.list(newest)).items).toEqual([])
})

test('the export has every record that fits, as lines', async () => {
  const { client } = startTestRuntime()
  for (let index = 0; index < 3; index++) await client.workspaces.trust({ id: 'workspace', trusted: index % 2 === 1 })
  const { headers, body } = await client.audit.export({ kind: 'trust' })
  expect(headers['content-type']).toBe('application/jsonl; charset=utf-8')
  const lines = (await new Response(body).text()).trimEnd().split('\n').map((line) => JSON.parse(line) as { number: number })
  expect(lines.map(({ number }) => number)).toEqual([3, 2, 1])
})
