import { describe, expect, it } from 'vitest'
import { AppError } from '#core/errors'
import { type FakeReply, startTestRuntime } from '../../testing/test-runtime'

const stuck: FakeReply = { error: new AppError('INTERNAL_ERROR', 'Stuck.') }

async function started(script: Parameters<typeof startTestRuntime>[0]) {
  const test = startTestRuntime(script)
  await test.runtime.start()
  const { id } = await test.client.sessions.create({})
  const add = async (text: string) => (await test.client.prompts.add({ id, text })).id
  /** Nothing of it runs or will by itself. */
  const rests = async () => {
    await test.until((event) => event.topic === 'prompts.update' && event.payload.queue.state === 'stopped' && event.seq > startedAt, 0)
    return test.client.prompts.list({ id })
  }
  let startedAt = 0
  const start = async () => {
    startedAt = test.events.at(-1)?.seq ?? 0
    await test.client.prompts.start({ id })
  }
  const states = async () => (await test.client.runs.list({ id })).items.toReversed().map(({ text, state, promptTry }) => [text, state, promptTry].join(' '))
  return { ...test, id, add, start, rests, states }
}

/** What the model was asked last, of each call. */
const asked = (test: { readonly provider: { readonly requests: readonly { readonly messages: readonly object[] }[] } }) =>
  test.provider.requests.map(({ messages }) => messages.map((message) => ('text' in message ? String(message.text) : '')).join(' | '))

describe('the prompts of a session', () => {
  it('wait until the queue is started, then come one after the other, and the queue rests', async () => {
    const test = await started({ script: () => ({ text: 'Yes.' }) })
    await test.add('one')
    await test.add('two')
    await test.clock.turn()
    expect(test.provider.requests).toHaveLength(0)
    await test.start()
    expect(await test.rests()).toMatchObject({ queue: { state: 'stopped', reason: null }, items: [] })
    expect(asked(test)).toEqual(['one', 'one | Yes. | two'])
    expect(await test.states()).toEqual(['one completed 1', 'two completed 1'])
    await expect(test.client.prompts.start({ id: test.id })).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('let what a person sends go first, also while they wait', async () => {
    const test = await started({ script: () => ({ text: 'Yes.' }) })
    await test.add('later')
    await test.client.sessions.send({ id: test.id, text: 'now' })
    await test.until((event) => event.topic === 'run.update' && event.payload.run.state === 'completed', 0)
    await test.start()
    await test.rests()
    expect(asked(test)).toEqual(['now', 'now | Yes. | later'])
  })

  it('are changed, put into another order, taken out one by one and all together', async () => {
    const test = await started({})
    const [one, two] = [await test.add('one'), await test.add('two')]
    await test.client.runs.edit({ id: one, text: 'one, better' })
    await test.client.runs.reorder({ id: test.id, runIds: [two, one] })
    const texts = async () => (await test.client.prompts.list({ id: test.id })).items.map(({ text }) => text)
    expect(await texts()).toEqual(['two', 'one, better'])
    await test.client.prompts.remove({ id: test.id, runId: two })
    await expect(test.client.prompts.remove({ id: test.id, runId: two })).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' })
    expect(await texts()).toEqual(['one, better'])
    await test.add('three')
    expect(await test.client.prompts.clear({ id: test.id })).toEqual({ removed: 2 })
    expect(await texts()).toEqual([])
  })

  it('are no more than a hundred', async () => {
    const test = await started({})
    for (let number = 0; number < 100; number += 1) await test.add(`prompt ${number}`)
    await expect(test.add('one more')).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('wait over a restart, and go on where they were', async () => {
    const first = await started({ script: () => ({ hang: true }) })
    await first.add('one')
    await first.add('two')
    await first.start()
    await first.until((event) => event.topic === 'run.update' && event.payload.run.state === 'running', 0)
    await first.runtime.stop(0)
    const second = startTestRuntime({ store: first.store, jobs: first.jobs, ids: 'second', script: () => ({ text: 'Yes.' }) })
    await second.runtime.start()
    const { items: [one] } = await second.client.runs.list({ id: first.id, limit: 50 }).then(({ items }) => ({ items: items.filter(({ text }) => text === 'one') }))
    expect(one?.state).toBe('interrupted')
    await second.client.runs.resume({ id: one?.id ?? '' })
    await second.until((event) => event.topic === 'prompts.update' && event.payload.queue.state === 'stopped', 0)
    expect((await second.client.runs.list({ id: first.id })).items.map(({ text, state }) => `${text} ${state}`)).toEqual(['two completed', 'one completed'])
  })
})

describe('after a prompt that failed', () => {
  it('the queue stops and says why; started again it goes on with the next', async () => {
    const test = await started({ script: [stuck, { text: 'Yes.' }] })
    await test.add('one')
    await test.add('two')
    await test.start()
    expect(await test.rests()).toMatchObject({ queue: { reason: '“one” failed. Stuck.' }, items: [{ text: 'two' }] })
    await test.start()
    await test.rests()
    expect(await test.states()).toEqual(['one failed 1', 'two completed 1'])
  })

  it('it goes on with the next when told to, from before what failed', async () => {
    const test = await started({ script: [{ text: 'Yes.' }, stuck, { text: 'Yes.' }] })
    await test.client.prompts.set({ id: test.id, onFailure: 'skip', goBack: true })
    for (const text of ['one', 'two', 'three']) await test.add(text)
    await test.start()
    expect((await test.rests()).queue.reason).toBeNull()
    expect(asked(test)).toEqual(['one', 'one | Yes. | two', 'one | Yes. | three'])
    expect(await test.states()).toEqual(['one completed 1', 'two failed 1', 'three completed 1'])
  })

  it('it asks the same again as often as it may, in front of the others, then stops', async () => {
    const test = await started({ script: [stuck, stuck, stuck, { text: 'Yes.' }] })
    await test.client.prompts.set({ id: test.id, onFailure: 'retry', retries: 2, goBack: true })
    await test.add('one')
    await test.add('two')
    await test.start()
    expect(await test.rests()).toMatchObject({ queue: { reason: '“one” failed 3 times. Stuck.' }, items: [{ text: 'two' }] })
    expect(asked(test)).toEqual(['one', 'one', 'one'])
    expect(await test.states()).toEqual(['one failed 1', 'two queued 1', 'one failed 2', 'one failed 3'])
  })

  it('a prompt that a person stops stops the queue', async () => {
    const test = await started({ script: () => ({ hang: true }) })
    const one = await test.add('one')
    await test.add('two')
    await test.start()
    await test.until((event) => event.topic === 'run.update' && event.payload.run.state === 'running', 0)
    await test.client.runs.cancel({ id: one })
    expect(await test.rests()).toMatchObject({ queue: { reason: 'You stopped “one”. Start the queue to go on with the next.' }, items: [{ text: 'two' }] })
  })
})
