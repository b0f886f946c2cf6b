import { expect, it } from 'vitest'
import type { FakeReply } from '../../testing/scripted-provider'
import { startTestRuntime } from '../../testing/test-runtime'

const two = { tasks: [{ key: 'a', title: 'First', instruction: 'Do it', start: 'backlog' }, { title: 'Second', instruction: 'Then this', dependsOn: ['a'], template: 'reviewer' }] }

async function started(calls: readonly { readonly name: string; readonly arguments: Record<string, unknown> }[], mode: 'ask' | 'auto-edit' | 'plan' = 'auto-edit') {
  const replies: FakeReply[] = [...calls.map((call) => ({ toolCalls: [call] })), { text: 'Made.' }]
  const test = startTestRuntime({ script: (request, index) => replies[index] ?? { text: request.system } })
  await test.runtime.start()
  const session = await test.client.sessions.create({ workspaceId: 'workspace', mode })
  const { runId } = await test.client.sessions.send({ id: session.id, text: 'Make tasks' })
  const ended = () => test.until((event) => event.topic === 'run.update' && event.payload.run.id === runId && event.payload.run.endedAt !== null, 0)
  const results = async () => (await test.client.sessions.entries({ id: session.id })).items.flatMap(({ payload }) => (payload.kind === 'tool_result' ? [payload.content] : []))
  return { ...test, session, runId, ended, results }
}

it('makes several tasks at once, with their dependencies, and remembers whose they are', async () => {
  const test = await started([{ name: 'create_task', arguments: two }, { name: 'list_tasks', arguments: { mine: true } }])
  await test.ended()
  const { items } = await test.client.tasks.list({})
  const [second, first] = items
  expect(items).toMatchObject([
    { title: 'Second', state: 'ready', template: 'reviewer', dependsOn: [first?.id], source: { by: 'agent', sessionId: test.session.id, runId: test.runId } },
    { title: 'First', state: 'backlog', template: 'general', mode: 'auto-edit', workspaceId: 'workspace' },
  ])
  expect((await test.results())[1]).toBe(`- ${second?.id} [Ready] Second (reviewer): Waits for “First”\n- ${first?.id} [Backlog] First (general)`)
})

it('asks first in ask mode, is refused in plan mode, and never gives more than it has', async () => {
  const asking = await started([{ name: 'create_task', arguments: two }], 'ask')
  const event = await asking.until(({ topic, payload }) => topic === 'human.request' && 'request' in payload && payload.request.status === 'open', 0)
  expect(event.payload).toMatchObject({ request: { kind: 'approval', title: 'Make 2 tasks: “First”, “Second”', decisions: ['once', 'session', 'always', 'reject'] } })
  const planning = await started([{ name: 'create_task', arguments: two }], 'plan')
  await planning.ended()
  expect((await planning.results())[0]).toContain('Plan mode is read-only')
  const more = await started([{ name: 'create_task', arguments: { tasks: [{ title: 'Edit', instruction: 'Edit', mode: 'auto-edit' }] } }], 'ask')
  await more.ended()
  expect((await more.results())[0]).toContain('cannot work in mode auto-edit')
  expect((await more.client.tasks.list({})).items).toEqual([])
})

it('refuses a circle and makes nothing', async () => {
  const test = await started([{ name: 'create_task', arguments: { tasks: [{ key: 'a', title: 'A', instruction: 'a', dependsOn: ['b'] }, { key: 'b', title: 'B', instruction: 'b', dependsOn: ['a'] }] } }])
  await test.ended()
  expect((await test.results())[0]).toContain('would wait for itself')
  expect((await test.client.tasks.list({})).items).toEqual([])
})
