import { expect, it } from 'vitest'
import { LEARN_PROMPT_START } from '#core/memory/agent/learn-by-model'
import type { ModelRequest } from '#core/ports/model-provider'
import { createManualClock } from '../../testing/manual-clock'
import { readTool, startTestRuntime } from '../../testing/test-runtime'

type Options = Parameters<typeof startTestRuntime>[0]

async function start(options: Options = {}) {
  const testing = startTestRuntime({ tools: [readTool()], ...options })
  await testing.runtime.start()
  const session = await testing.client.sessions.create({ workspaceId: 'workspace' })
  const say = async (text: string, id = session.id) => {
    const { runId } = await testing.client.sessions.send({ id, text })
    await testing.until((event) => event.topic === 'run.update' && event.payload.run.id === runId && event.payload.run.endedAt !== null, 0)
    return runId
  }
  const used = async (id = session.id) => (await testing.client.sessions.entries({ id })).items.flatMap(({ payload }) => (payload.kind === 'memory_used' ? [payload.items] : []))
  const texts = async () => (await testing.client.memory.query({ mode: 'words', sort: 'created' })).items.map(({ item: { kind, scope, trust, text } }) => [kind, scope, trust, text])
  return { ...testing, session, say, used, texts }
}

const memoryIn = ({ messages }: Pick<ModelRequest, 'messages'>): string => messages.map((message) => (message.role === 'user' && message.text.startsWith('[Memory') ? message.text : '')).join('')

it('sends along what fits, says in the journal which items and why, and counts their use', async () => {
  const { client, provider, say, used, session, runtime } = await start()
  const { item } = await client.memory.save({ text: 'The harbour tests need a running tide server.', scope: 'workspace', workspaceId: 'workspace' })
  await client.memory.save({ text: 'Bananas are yellow in this other folder.', scope: 'user' })
  await say('How do I run the harbour tests?')
  const [request] = provider.requests
  expect(memoryIn(request ?? { messages: [] })).toContain('The harbour tests need a running tide server.')
  expect(memoryIn(request ?? { messages: [] })).not.toContain('Bananas')
  expect(request?.messages.at(-1)).toMatchObject({ role: 'user', text: 'How do I run the harbour tests?' })
  expect(await used()).toMatchObject([[{ id: item.id, revision: 1, trust: 'person', score: expect.any(Number), why: expect.any(String) }]])
  expect(await client.memory.get({ id: item.id })).toMatchObject({ useCount: 1, revision: 1 })
  expect((await client.memory.uses({ id: item.id })).items).toMatchObject([{ sessionId: session.id, runId: expect.any(String) }])
  const { parts } = await client.sessions.context({ id: session.id })
  expect(parts.find(({ kind }) => kind === 'memory')?.excerpt).toContain('tide server')
  await runtime.stop(0)
})

it('what is corrected or forgotten counts at the next call; what is expired, archived, sensitive or of another place is never sent', async () => {
  const clock = createManualClock()
  const { client, provider, say, runtime } = await start({ clock })
  const save = async (text: string, rest: object = {}) => (await client.memory.save({ text, ...rest })).item
  const port = await save('The harbour server listens on port 3000.')
  const light = await save('The harbour light is red.')
  await save('The harbour expires soon.', { expiresAt: clock.now() + 5 })
  await save('The harbour password is hunter2 secret.', { sensitivity: 'sensitive' })
  const other = await client.sessions.create({})
  await save('The harbour of another session.', { scope: 'session', sessionId: other.id })
  clock.advance(5)
  await say('harbour?')
  await client.memory.patch({ id: port.id, text: 'The harbour server listens on port 4000.' })
  await client.memory.forget({ id: light.id })
  await say('harbour!')
  const [first = '', second = ''] = provider.requests.map(memoryIn)
  expect(first).toContain('port 3000')
  expect(first).toContain('light is red')
  for (const never of ['expires soon', 'hunter2', 'another session']) expect(first + second).not.toContain(never)
  expect(second).toContain('port 4000')
  expect(second).not.toMatch(/3000|light is red/)
  await runtime.stop(0)
})

it('agents note, recall and, with a person, forget', async () => {
  const calls = [
    { name: 'remember', arguments: { text: 'Deployments happen on Fridays.', tags: ['deploy'] } },
    { name: 'recall', arguments: { query: 'deployments' } },
  ]
  const { client, provider, say, texts, runtime, until } = await start({
    script: ({ messages }, index) => {
      if (calls[index]) return { toolCalls: [calls[index]] }
      const id = /memory id="([^"]+)"/.exec(JSON.stringify(messages).replaceAll('\\"', '"'))?.[1]
      return index === 2 && id !== undefined ? { toolCalls: [{ name: 'forget', arguments: { id, reason: 'It is wrong.' } }] } : { text: 'Done.' }
    },
  })
  const ended = say('When do we deploy?')
  const asked = await until((event) => event.topic === 'human.request' && event.payload.request.status === 'open', 0)
  if (asked.topic !== 'human.request') throw new Error('no request')
  expect(asked.payload.request.title).toBe('Forget “Deployments happen on Fridays.”?')
  expect(await texts()).toEqual([['fragment', 'workspace', 'agent', 'Deployments happen on Fridays.']])
  await client.humanRequests.answer({ id: asked.payload.request.id, decision: 'once' })
  await ended
  expect(await texts()).toEqual([])
  expect(provider.requests).toHaveLength(4)
  await runtime.stop(0)
})

it('an agent notes a solution with its code, which another conversation recalls', async () => {
  const note = { kind: 'solution', text: 'The build fails after an update', problem: 'The build fails', steps: ['Clear the cache'], outcome: 'It builds.', artifacts: [{ path: 'ci.yml', code: 'cache: off' }] }
  const calls = [{ name: 'remember', arguments: note }, { name: 'recall', arguments: { query: 'build fails' } }]
  const { client, provider, say, runtime } = await start({ script: (_request, index) => (calls[index] ? { toolCalls: [calls[index]] } : { text: 'Done.' }) })
  await say('Why does it fail?')
  const [found] = (await client.memory.query({ kinds: ['solution'] })).items
  expect(found?.item.solution).toEqual({ problem: 'The build fails', steps: ['Clear the cache'], outcome: 'It builds.', artifacts: [{ path: 'ci.yml', text: 'cache: off' }] })
  expect(JSON.stringify(provider.requests.at(-1)?.messages)).toContain('Code of ci.yml:\\ncache: off')
  await runtime.stop(0)
})

it('learns from what a person said, behind the turn, and brings it up to date instead of keeping it twice', async () => {
  const { say, texts, runtime, store, until } = await start()
  const learnt = (count: number) => until((event) => event.topic === 'memory.update' && event.payload.item.revision >= count, 0)
  await say('Remember that the harbour server listens on port 3000. Thanks.')
  await learnt(1)
  await say('Remember that the harbour server listens on port 4000. Thanks.')
  await learnt(2)
  expect(await texts()).toEqual([['fragment', 'workspace', 'agent', 'The harbour server listens on port 4000.']])
  await runtime.stop(0)
  expect(store.learning.waiting(10)).toEqual([])
})

it('a turn that nothing was learnt from before a crash is learnt from at the next start, once', async () => {
  const first = await start({ ids: 'a' })
  // As if the process had ended before it came to it.
  const waiting: string[] = []
  const { finish } = first.store.learning
  Object.assign(first.store.learning, { finish: () => { throw new Error('killed') } })
  waiting.push(await first.say('Remember that the crane is broken.'))
  await first.runtime.stop(0)
  Object.assign(first.store.learning, { finish })
  expect(first.store.learning.waiting(10).map(({ runId }) => runId)).toEqual(waiting)
  expect((await first.client.memory.query({})).items).toEqual([])
  const second = startTestRuntime({ store: first.store, jobs: first.jobs, memorySearch: first.memorySearch, ids: 'b' })
  await second.runtime.start()
  await second.until((event) => event.topic === 'memory.update', 0)
  expect((await second.client.memory.query({})).items.map(({ item }) => item.text)).toEqual(['The crane is broken.'])
  await second.runtime.stop(0)
  expect(first.store.learning.waiting(10)).toEqual([])
})

it('counts what the model was asked after a turn as a call of its own, and stays within the budget of the day', async () => {
  const clock = createManualClock()
  const { client, store, say, texts, provider, runtime, until } = await start({
    clock, script: ({ system }) => (system.startsWith(LEARN_PROMPT_START) ? { text: '[{"kind":"fragment","scope":"workspace","text":"The quay has three cranes."}]' } : { text: 'There are three of them, as far as I can see from here.' }),
  })
  const { learning } = await client.settings.get({})
  await client.settings.put({ learning: { ...learning, learn: 'model' } })
  const runId = await say('How many cranes does the quay have, and who looks after them?')
  await until((event) => event.topic === 'memory.update', 0)
  expect(await texts()).toEqual([['fragment', 'workspace', 'agent', 'The quay has three cranes.']])
  const detail = await client.runs.get({ id: runId })
  expect(detail.steps.map(({ kind, purpose, state, usage }) => [kind, purpose, state, usage?.totalTokens])).toEqual([['model', 'turn', 'completed', 15], ['model', 'learning', 'completed', 15]])
  // What the run itself used stays; the session and the report have both.
  expect(detail.usage.totalTokens).toBe(15)
  expect((await client.sessions.get({ id: detail.sessionId })).usage.totalTokens).toBe(30)
  expect((await client.usage.get({ days: 1 })).total).toMatchObject({ calls: 2, usage: { totalTokens: 30 } })
  expect((await client.receipts.get({ id: runId })).records.filter(({ kind }) => kind === 'step')).toHaveLength(1)
  expect(store.learning.tokensSince(0)).toBe(15)

  await client.settings.put({ learning: { ...learning, learn: 'model', maxTokensPerDay: 100 } })
  const asked = provider.requests.length
  await say('Remember that the harbour tests need a running tide server, and tell me about them please.')
  await until((event) => event.topic === 'memory.update' && event.payload.item.text.includes('tide server'), 0)
  expect(provider.requests.slice(asked).filter(({ system }) => system.startsWith(LEARN_PROMPT_START))).toEqual([])
  await runtime.stop(0)
})
