import { expect, it } from 'vitest'
import type { ModelRequest } from '#core/ports/model-provider'
import type { FakeReply } from '../../testing/scripted-provider'
import { startTestRuntime } from '../../testing/test-runtime'

const read: FakeReply = { toolCalls: [{ name: 'read', arguments: {} }] }
const words = ({ messages }: ModelRequest) => messages.map((message) => (message.role === 'tool' ? 'result' : message.role === 'user' ? message.text : message.text || 'call'))

/** A turn whose first reply is held back until `go`. */
async function held(replies: readonly FakeReply[]) {
  let go = () => {}
  const until = new Promise<void>((resolve) => { go = resolve })
  const test = startTestRuntime({ script: (_request, index) => (index === 0 ? { ...replies[0], until } : (replies[index] ?? { text: 'Yes.' })) })
  await test.runtime.start()
  const { id } = await test.client.sessions.create({ workspaceId: 'workspace' })
  const { runId } = await test.client.sessions.send({ id, text: 'begin' })
  await test.until((event) => event.topic === 'run.update' && event.payload.run.state === 'running', 0)
  const ended = (run = runId) => test.until((event) => event.topic === 'run.update' && event.payload.run.id === run && event.payload.run.endedAt !== null, 0)
  return { ...test, id, runId, go, ended }
}

it('puts what a person says to a running turn behind its step, before the next one', async () => {
  const test = await held([read, { text: 'Then the ships.' }])
  const { runId: said } = await test.client.sessions.send({ id: test.id, text: 'only the ships', steer: true })
  test.go()
  const { seq } = await test.ended()
  expect(test.provider.requests.map(words)).toEqual([['begin'], ['begin', 'call', 'result', 'only the ships']])
  expect(await test.client.runs.get({ id: said })).toMatchObject({ state: 'completed', joinedRunId: test.runId, steps: [] })
  await test.until((event) => event.topic === 'notification' && event.seq > seq, 0)
  expect(test.events.filter(({ topic }) => topic === 'notification')).toHaveLength(1)
})

it('lets a turn that was about to end answer what was said to it', async () => {
  const test = await held([{ text: 'Done.' }, { text: 'The gulls too.' }])
  await test.client.sessions.send({ id: test.id, text: 'and the gulls?', steer: true })
  test.go()
  await test.ended()
  expect(test.provider.requests.map(words)).toEqual([['begin'], ['begin', 'Done.', 'and the gulls?']])
  expect((await test.client.runs.list({ id: test.id })).items.map(({ text, state }) => `${text} ${state}`)).toEqual(['and the gulls? completed', 'begin completed'])
})

it('lets a message that waits reach the turn, and starts a turn of its own where the other one was stopped', async () => {
  const test = await held([read])
  const { runId: waiting } = await test.client.sessions.send({ id: test.id, text: 'later' })
  expect(await test.client.runs.steer({ id: waiting })).toMatchObject({ state: 'queued', joins: true })
  const cancelled = test.client.runs.cancel({ id: test.runId })
  test.go()
  await cancelled
  await test.ended(waiting)
  expect(await test.client.runs.get({ id: waiting })).toMatchObject({ state: 'completed', joinedRunId: null })
  await expect(test.client.runs.steer({ id: waiting })).rejects.toMatchObject({ code: 'CONFLICT' })
})

it('reaches an agent that another one waits for, whose last words then are the result', async () => {
  let go = () => {}
  const until = new Promise<void>((resolve) => { go = resolve })
  const test = startTestRuntime({
    script: (request) => {
      const [first] = words(request)
      if (first === 'begin') return request.messages.length > 1 ? { text: `Got ${request.messages.flatMap((message) => (message.role === 'tool' ? [message.content] : [])).join()}` } : { toolCalls: [{ name: 'delegate', arguments: { instruction: 'count' } }] }
      return words(request).length === 1 ? { ...read, until } : { text: `heard: ${words(request).at(-1) ?? ''}` }
    },
  })
  await test.runtime.start()
  const { id } = await test.client.sessions.create({ workspaceId: 'workspace' })
  const { runId } = await test.client.sessions.send({ id, text: 'begin' })
  await test.until((event) => event.topic === 'run.update' && event.payload.run.text === 'count' && event.payload.run.state === 'running', 0)
  const child = (await test.client.agents.tree({ id: runId })).items[1]
  await test.client.sessions.send({ id: child?.sessionId ?? '', text: 'the gulls', steer: true })
  go()
  await test.until((event) => event.topic === 'run.update' && event.payload.run.id === runId && event.payload.run.endedAt !== null, 0)
  const { items } = await test.client.sessions.entries({ id })
  expect(items.at(-1)?.payload).toMatchObject({ text: 'Got heard: the gulls' })
  expect((await test.client.agents.tree({ id: runId })).items.map(({ title }) => title)).toEqual(['begin', 'count'])
})
