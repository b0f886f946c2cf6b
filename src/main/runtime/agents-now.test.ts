import { expect, it } from 'vitest'
import { startTestRuntime } from '../../testing/test-runtime'

async function delegating(childFails = false) {
  let go = () => {}
  const until = new Promise<void>((resolve) => { go = resolve })
  const test = startTestRuntime({
    script: ({ messages: [first, ...more] }) => {
      if (first?.role === 'user' && first.text === 'begin') return more.length > 0 ? { text: 'Done.' } : { toolCalls: [{ name: 'delegate', arguments: { instruction: 'count', template: 'worker' } }] }
      return childFails ? { finishReason: 'content_filter', text: '', until } : { text: 'Three.', until }
    },
  })
  await test.runtime.start()
  const { id } = await test.client.sessions.create({ workspaceId: 'workspace' })
  const { runId } = await test.client.sessions.send({ id, text: 'begin' })
  await test.until((event) => event.topic === 'run.update' && event.payload.run.text === 'count' && event.payload.run.state === 'running', 0)
  const end = async () => {
    go()
    await test.until((event) => event.topic === 'run.update' && event.payload.run.id === runId && event.payload.run.endedAt !== null, 0)
  }
  const lives = () => test.events.flatMap((event) => (event.topic === 'agent.lifecycle' ? [event.payload] : []))
  return { ...test, id, runId, end, lives }
}

it('lists the agents that work now and shows one of them', async () => {
  const test = await delegating()
  const { success, data, count } = await test.client.agents.list({})
  expect([success, count, data.map(({ level, template, title, state }) => [level, template, title, state])]).toEqual([true, 2, [['parent', 'general', 'begin', 'running'], ['child', 'worker', 'count', 'running']]])
  const [, child] = data
  expect(child).toMatchObject({ parentId: test.runId, name: `worker-${child?.sessionId ?? ''}` })
  expect(await test.client.agents.get({ id: child?.runId ?? '' })).toEqual(child)
  await test.end()
  expect((await test.client.agents.list({})).count).toBe(0)
  await expect(test.client.agents.get({ id: 'nobody' })).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' })
})

it('tells of the life of an agent that another one started, and not of that of a person', async () => {
  const [well, badly] = [await delegating(), await delegating(true)]
  await Promise.all([well.end(), badly.end()])
  expect(well.lives().map(({ event, agentType, parentId }) => [event, agentType, parentId])).toEqual([['spawned', 'worker', well.id], ['busy', 'worker', well.id], ['retired', 'worker', well.id]])
  expect(badly.lives().map(({ event }) => event)).toEqual(['spawned', 'busy', 'failed'])
})
