import { describe, expect, it } from 'vitest'
import type { WorkflowRun } from '#contract/workflows'
import type { ModelRequest } from '#core/ports/model-provider'
import type { FakeReply } from '../../testing/scripted-provider'
import { startTestRuntime, type TestRuntime } from '../../testing/test-runtime'

const firstUser = ({ messages }: ModelRequest) => messages.flatMap((message) => (message.role === 'user' ? [message.text] : []))[0] ?? ''
const titleOf = (request: ModelRequest) => /^# (.*)$/m.exec(firstUser(request))?.[1] ?? ''
const task = (key: string, more: object = {}) => ({ kind: 'task' as const, key, title: key, instruction: `Do ${key}`, ...more })
const refund = {
  name: 'Refund', inputs: [{ name: 'amount', kind: 'number' as const }, { name: 'who' }],
  rules: [{ name: 'Big sums', when: { comparisons: [{ value: 'amount', is: 'more' as const, to: 100 }] }, then: { do: 'require_approval' as const, message: 'Pay {{amount}} to {{who}}?' } }],
  steps: [
    task('check', { instruction: 'Look up {{who}}' }), task('book', { dependsOn: ['check'], instruction: 'Pay {{amount}}: {{check.result}}' }),
    { kind: 'approval' as const, key: 'sign', title: 'Sign it', message: '{{book.result}}', dependsOn: ['book'] }, task('tell', { dependsOn: ['sign'] }),
  ],
  output: '{{who}} has it: {{book.result}}',
}

async function started(script: (request: ModelRequest) => FakeReply = (request) => ({ text: `Did ${titleOf(request)}` }), options: Parameters<typeof startTestRuntime>[0] = {}) {
  const test = startTestRuntime({ script, ...options })
  await test.runtime.start()
  return test
}
const runIs = async (test: Pick<TestRuntime, 'runtime' | 'client'>, id: string, fits: (run: WorkflowRun) => boolean): Promise<WorkflowRun> => {
  const stop = new AbortController()
  try {
    for await (const _message of test.runtime.events.subscribe({ topics: ['workflow.run'] }, stop.signal)) {
      const run = await test.client.workflows.run({ id })
      if (fits(run)) return run
    }
    throw new Error('the stream ended')
  } finally {
    stop.abort()
  }
}
const ended = (test: Pick<TestRuntime, 'runtime' | 'client'>, id: string) => runIs(test, id, ({ endedAt }) => endedAt !== null)
const openRequests = async (test: Pick<TestRuntime, 'client'>) => (await test.client.humanRequests.list({ status: 'open' })).items
const states = ({ steps }: WorkflowRun) => steps.map(({ key, state }) => `${key} ${state}`)
const board = async (test: Pick<TestRuntime, 'client'>) => (await test.client.tasks.list({})).items.map(({ title, state }) => `${title}: ${state}`).sort()

describe('a workflow', () => {
  it('asks where a rule wants it, does its steps in their order with what came of those before, and says what came of it', async () => {
    const test = await started()
    const { id } = await test.client.workflows.create(refund)
    const run = await test.client.workflows.start({ id, inputs: { amount: 500, who: 'Ada' }, workspaceId: 'workspace', mode: 'auto-edit' })
    expect(states(run)).toEqual(['rules.approval needs_you', 'check pending', 'book pending', 'sign pending', 'tell pending'])
    const [gate] = await openRequests(test)
    expect(gate).toMatchObject({ kind: 'workflow', workflowRunId: run.id, reason: 'Big sums: Pay 500 to Ada?', decisions: ['once', 'reject'] })
    expect(await board(test)).toEqual([])
    await test.client.humanRequests.answer({ id: gate?.id ?? '', decision: 'once' })
    await runIs(test, run.id, ({ steps }) => steps.some(({ key, state }) => key === 'sign' && state === 'needs_you'))
    const [sign] = await openRequests(test)
    expect(sign).toMatchObject({ title: 'Approve “Sign it” of the workflow “Refund”?', reason: 'Did book', sessionId: gate?.sessionId })
    await test.client.humanRequests.answer({ id: sign?.id ?? '', decision: 'once', message: 'Fine.' })
    const end = await ended(test, run.id)
    expect(end).toMatchObject({ state: 'completed', output: 'Ada has it: Did book', error: null })
    expect(states(end)).toEqual(['rules.approval done', 'check done', 'book done', 'sign done', 'tell done'])
    expect(test.provider.requests.map(firstUser).filter((text) => text.startsWith('# book'))).toEqual([expect.stringContaining('Pay 500: Did check')])
    expect((await test.client.tasks.list({})).items.map(({ mode, workspaceId }) => `${mode} ${workspaceId}`)).toEqual(['auto-edit workspace', 'auto-edit workspace', 'auto-edit workspace'])
    expect(test.provider.requests).toHaveLength(3)
  })

  it('ends with a denied approval: what works beside it is stopped', async () => {
    const test = await started(() => ({ hang: true }))
    const { id } = await test.client.workflows.create({ name: 'W', steps: [task('long'), { kind: 'approval', key: 'ask', title: 'Ask' }, task('after', { dependsOn: ['ask'] })] })
    const run = await test.client.workflows.start({ id })
    await test.until((event) => event.topic === 'task.update' && event.payload.task.state === 'running', 0)
    await test.client.humanRequests.answer({ id: (await openRequests(test))[0]?.id ?? '', decision: 'reject', message: 'Not today' })
    const end = await ended(test, run.id)
    expect(end).toMatchObject({ state: 'failed', output: null, error: { code: 'PERMISSION_DENIED', message: 'Workflow approval denied', data: { step: 'ask', message: 'Not today' } } })
    expect(states(end)).toEqual(['long cancelled', 'ask denied', 'after cancelled'])
    expect(await board(test)).toEqual(['long: cancelled'])
  })

  it('runs side by side what waits for nothing, and goes on past a failure only where that is meant', async () => {
    const test = await started((request) => (titleOf(request) === 'bad' ? { finishReason: 'content_filter' } : { text: 'Good' }))
    const speaks = (word: string) => ({ comparisons: [{ value: 'bad.outcome', is: 'equal' as const, to: word }] })
    const { id } = await test.client.workflows.create({
      name: 'W', steps: [task('bad'), task('good'), task('blocked', { dependsOn: ['bad'] }), task('mend', { dependsOn: ['bad'], when: speaks('failed') }), task('cheer', { dependsOn: ['bad'], when: speaks('done') })],
    })
    const end = await ended(test, (await test.client.workflows.start({ id })).id)
    expect(states(end)).toEqual(['bad failed', 'good done', 'blocked blocked', 'mend done', 'cheer skipped'])
    expect(end).toMatchObject({ state: 'failed', error: { data: { step: 'bad' } } })
    expect(await board(test)).toEqual(['bad: failed', 'good: done', 'mend: done'])
  })

  it('is stopped with its tasks and its questions', async () => {
    const test = await started(() => ({ hang: true }))
    const { id } = await test.client.workflows.create({ name: 'W', steps: [task('long'), { kind: 'approval', key: 'ask', title: 'Ask' }] })
    const run = await test.client.workflows.start({ id })
    expect(await test.client.workflows.cancel({ id: run.id })).toMatchObject({ state: 'cancelled', error: null, steps: [{ state: 'cancelled' }, { state: 'cancelled' }] })
    expect(await openRequests(test)).toEqual([])
    expect(await board(test)).toEqual(['long: cancelled'])
    expect(await test.client.workflows.cancel({ id: run.id })).toMatchObject({ state: 'cancelled' })
  })

  it('ends when the conversation of its approval is deleted: nobody could answer', async () => {
    const test = await started()
    const { id } = await test.client.workflows.create({ name: 'W', steps: [{ kind: 'approval', key: 'ask', title: 'Ask' }] })
    const run = await test.client.workflows.start({ id })
    await test.client.sessions.remove({ id: run.sessionId ?? '' })
    expect(await ended(test, run.id)).toMatchObject({ state: 'cancelled', steps: [{ state: 'cancelled' }] })
  })

  it('goes on when a card of it is removed, as after a failure', async () => {
    const test = await started(() => ({ hang: true }))
    const { id } = await test.client.workflows.create({ name: 'W', steps: [task('one', { mayFail: true })], output: 'It was {{one.outcome}}.' })
    const run = await test.client.workflows.start({ id })
    await test.client.tasks.remove({ id: run.steps[0]?.taskId ?? '' })
    expect(await ended(test, run.id)).toMatchObject({ state: 'completed', output: 'It was failed.', steps: [{ state: 'failed', reason: 'Its task was removed.' }] })
  })

  it('refuses with the words of its rule and with inputs that do not fit, and nothing is started', async () => {
    const test = await started()
    const { id } = await test.client.workflows.create({ ...refund, rules: [{ name: 'No', when: { comparisons: [{ value: 'who', is: 'equal', to: 'nobody' }] }, then: { do: 'refuse', message: 'Not to {{who}}.' } }] })
    await expect(test.client.workflows.start({ id, inputs: { amount: 1, who: 'Nobody' } })).rejects.toMatchObject({ code: 'INVALID_PARAMETERS', message: 'Not to Nobody. Nothing was started.' })
    await expect(test.client.workflows.start({ id, inputs: { amount: 1 } })).rejects.toMatchObject({ code: 'INVALID_PARAMETERS' })
    expect((await test.client.workflows.runs({})).items).toEqual([])
  })

  it('is changed by one person at a time, removed and brought back; what runs goes on as it was started', async () => {
    const test = await started()
    const made = await test.client.workflows.create({ name: 'W', steps: [{ kind: 'approval', key: 'ask', title: 'Ask' }], output: 'Old' })
    const run = await test.client.workflows.start({ id: made.id })
    const { id, revision: _revision, createdAt: _createdAt, updatedAt: _updatedAt, ...rest } = made
    expect(await test.client.workflows.put({ ...rest, id, revision: 1, output: 'New' })).toMatchObject({ revision: 2, output: 'New' })
    await expect(test.client.workflows.put({ ...rest, id, revision: 1 })).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(test.client.workflows.put({ ...rest, id, output: '{{gone}}' })).rejects.toMatchObject({ code: 'INVALID_PARAMETERS', data: { problems: [{ path: 'output' }] } })
    await test.client.workflows.remove({ id })
    expect((await test.client.workflows.list({})).items).toEqual([])
    await test.client.humanRequests.answer({ id: (await openRequests(test))[0]?.id ?? '', decision: 'once' })
    expect(await ended(test, run.id)).toMatchObject({ state: 'completed', output: 'Old' })
    expect(await test.client.workflows.restore({ id })).toMatchObject({ name: 'W', revision: 2 })
  })
})

describe('an agent', () => {
  it('runs a workflow as far as it may itself, and gets what came of it', async () => {
    const script = (request: ModelRequest): FakeReply => {
      if (!firstUser(request).startsWith('Go')) return { text: `Did ${titleOf(request)}` }
      const said = request.messages.flatMap((message) => (message.role === 'tool' ? [message.content] : []))
      return said.length === 0 ? { toolCalls: [{ name: 'run_workflow', arguments: { workflow: 'small', inputs: { who: 'Ada' } } }] } : { text: said.join('') }
    }
    const test = await started(script)
    await test.client.workflows.create({ name: 'Small', inputs: [{ name: 'who' }], steps: [task('greet', { instruction: 'Greet {{who}}', mode: 'sandboxed-auto' })], output: 'Greeted {{who}}: {{greet.result}}' })
    const session = await test.client.sessions.create({ workspaceId: 'workspace', mode: 'auto-edit' })
    const { runId } = await test.client.sessions.send({ id: session.id, text: 'Go.' })
    await test.until((event) => event.topic === 'run.update' && event.payload.run.id === runId && event.payload.run.state === 'completed', 0)
    const last = (await test.client.sessions.entries({ id: session.id })).items.findLast(({ payload }) => payload.kind === 'assistant_message')
    expect(last?.payload).toMatchObject({ text: 'The workflow “Small” has ended: completed.\n\nGreeted Ada: Did greet\n\n## greet: greet\ndone\n\nDid greet' })
    expect((await test.client.tasks.list({})).items).toMatchObject([{ mode: 'auto-edit', source: { by: 'agent', sessionId: session.id, runId } }])
    expect((await test.client.workflows.runs({})).items).toMatchObject([{ state: 'completed', source: { by: 'agent' } }])
  })
})

describe('after a restart', () => {
  it('an approval still waits, and a run goes on where it was: nothing is started twice', async () => {
    const test = await started((request) => (titleOf(request) === 'slow' ? { hang: true } : { text: `Did ${titleOf(request)}` }))
    const { id } = await test.client.workflows.create({
      name: 'W', steps: [task('quick'), task('slow'), { kind: 'approval', key: 'ask', title: 'Ask', dependsOn: ['quick'] }, task('last', { dependsOn: ['ask', 'slow'] })], output: '{{last.result}}',
    })
    const run = await test.client.workflows.start({ id })
    await runIs(test, run.id, ({ steps }) => steps.some(({ state }) => state === 'needs_you'))
    await test.runtime.stop(0)
    const after = await started((request) => ({ text: `Did ${titleOf(request)} then` }), { store: test.store, jobs: test.jobs, ids: 'again' })
    const waiting = await openRequests(after)
    expect(waiting).toHaveLength(1)
    await after.client.humanRequests.answer({ id: waiting[0]?.id ?? '', decision: 'once' })
    const end = await ended(after, run.id)
    expect(states(end)).toEqual(['quick done', 'slow done', 'ask done', 'last done'])
    expect(await board(after)).toEqual(['last: done', 'quick: done', 'slow: done'])
    expect(after.provider.requests.every((request) => firstUser(request).startsWith('# '))).toBe(true)
  })
})
