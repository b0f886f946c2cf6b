import { describe, expect, it } from 'vitest'
import type { ModelRequest } from '#core/ports/model-provider'
import type { FakeReply } from '../../testing/scripted-provider'
import { startTestRuntime } from '../../testing/test-runtime'

const results = ({ messages }: ModelRequest) => messages.flatMap((message) => (message.role === 'tool' ? [message.content] : []))
const firstUser = ({ messages }: ModelRequest) => messages.flatMap((message) => (message.role === 'user' ? [message.text] : []))[0] ?? ''
const call = (name: string, input: object = {}): FakeReply => ({ toolCalls: [{ name, arguments: { ...input } }] })

/** `moves`: what the agent does, by the results that it has. */
async function asked(moves: (said: readonly string[]) => FakeReply, text = 'Begin.', task: FakeReply = { hang: true }) {
  const test = startTestRuntime({ script: (request) => (firstUser(request).startsWith('Begin') ? moves(results(request)) : task) })
  await test.runtime.start()
  const session = await test.client.sessions.create({ workspaceId: 'workspace', mode: 'auto-edit' })
  const { runId } = await test.client.sessions.send({ id: session.id, text })
  const ended = () => test.until((event) => event.topic === 'run.update' && event.payload.run.id === runId && event.payload.run.endedAt !== null, 0)
  return { ...test, session, runId, ended }
}
const idIn = (said: readonly string[]) => /^- (\S+):/m.exec(said[0] ?? '')?.[1] ?? ''

describe('an agent that made tasks', () => {
  it('sees how they are, tells one something between two of its steps, and stops it', async () => {
    const test = await asked((said) => [
      call('create_task', { tasks: [{ title: 'Long work', instruction: 'Work long' }] }), call('monitor_children'), call('coordinate_agents', { id: idIn(said), do: 'tell', message: 'Faster.' }),
      call('coordinate_agents', { id: idIn(said), do: 'stop' }), call('monitor_children'), { text: 'Done.' },
    ][said.length] ?? { text: '' })
    await test.ended()
    const said = results(test.provider.requests.findLast((request) => firstUser(request).startsWith('Begin')) ?? { model: '', system: '', messages: [], tools: [], maxOutputTokens: 1, thinking: false })
    expect(said[1]).toMatch(/^- \S+ \[(queued|running)\] Long work \(task, general\): /)
    expect(said[2]).toMatch(/^(Told|Noted)/)
    expect(said[3]).toBe('Stopped: Long work.')
    expect(said[4]).toContain('[cancelled] Long work')
    expect((await test.client.tasks.list({})).items).toMatchObject([{ title: 'Long work', state: 'cancelled' }])
  })

  it('cannot touch what others made', async () => {
    const others = { id: '' }
    const test = startTestRuntime({ script: (request) => (results(request).length === 0 ? call('coordinate_agents', { id: others.id, do: 'stop' }) : { text: results(request).join() }) })
    await test.runtime.start()
    others.id = (await test.client.tasks.create({ title: 'Mine', instruction: 'Mine', start: 'backlog' })).id
    const session = await test.client.sessions.create({ workspaceId: 'workspace', mode: 'auto-edit' })
    const { runId } = await test.client.sessions.send({ id: session.id, text: 'Begin.' })
    await test.until((event) => event.topic === 'run.update' && event.payload.run.id === runId && event.payload.run.endedAt !== null, 0)
    expect(test.provider.requests.flatMap(results)).toEqual([expect.stringContaining('was not made by you')])
    expect((await test.client.tasks.get({ id: others.id })).state).toBe('backlog')
  })

  it('notes what it did where nobody can change it afterwards', async () => {
    const test = await asked((said) => [call('log_activity', { text: 'Counted the ships twice', severity: 'medium' }), { text: 'Done.' }][said.length] ?? { text: '' })
    await test.ended()
    expect((await test.client.audit.list({ kind: 'activity' })).items).toMatchObject([{ title: 'Counted the ships twice', severity: 'medium', sessionId: test.session.id, runId: test.runId, content: { by: 'general' } }])
  })
})

describe('the tools of a kind', () => {
  const toolsOf = async (template: string) => {
    const test = startTestRuntime({ script: () => ({ text: 'Done.' }) })
    await test.runtime.start()
    const { id } = await test.client.tasks.create({ title: 'T', instruction: 'T', template, workspaceId: 'workspace', mode: 'auto-edit' })
    await test.until((event) => event.topic === 'task.update' && event.payload.task.id === id && event.payload.task.state === 'done', 0)
    return new Set(test.provider.requests[0]?.tools.map(({ name }) => name))
  }

  it.each([
    ['general', ['delegate', 'monitor_children', 'coordinate_agents', 'run_workflow', 'graph_query', 'log_activity'], ['save_workflow', 'design_schema', 'read_logs']],
    ['business-logic-engineer', ['list_workflows', 'run_workflow', 'save_workflow', 'log_activity'], ['design_schema']],
    ['database-designer', ['design_schema', 'log_activity'], ['save_workflow']],
    ['diagnostic', ['read_logs', 'analyze_metrics', 'check_connectivity', 'graph_query', 'log_activity'], ['delegate']],
    ['repair', ['read_logs', 'check_connectivity'], ['design_schema']],
  ])('%s are its own and those that everybody has', async (template, has, lacks) => {
    const tools = await toolsOf(template)
    expect(has.filter((name) => !tools.has(name))).toEqual([])
    expect(lacks.filter((name) => tools.has(name))).toEqual([])
  })
})
