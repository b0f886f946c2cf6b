import { describe, expect, it } from 'vitest'
import { LimitsSchema } from '#contract/settings'
import { AppError } from '#core/errors'
import { readTool, startTestRuntime, type TestRuntimeOptions, writeTool } from '../../testing/test-runtime'

async function run(options: TestRuntimeOptions, text = 'go') {
  const test = startTestRuntime(options)
  await test.runtime.start()
  const session = await test.client.sessions.create({ workspaceId: 'workspace' })
  const { runId } = await test.client.sessions.send({ id: session.id, text })
  const ended = async () => {
    await test.until((event) => event.topic === 'run.update' && event.payload.run.id === runId && event.payload.run.endedAt !== null, 0)
    return test.client.runs.get({ id: runId })
  }
  return { ...test, session, runId, ended }
}

const endless: TestRuntimeOptions['script'] = (_request, index) => ({ toolCalls: [{ name: 'read', id: `call-${index}` }] })

describe('the limits of a run', () => {
  it('stop before the call that would go over the tokens, and say how to go on', async () => {
    const test = startTestRuntime({ script: endless })
    await test.client.settings.put({ limits: LimitsSchema.parse({ maxTokens: 40 }) })
    await test.runtime.start()
    const session = await test.client.sessions.create({})
    await expect(test.client.agents.execute({ instruction: 'go', sessionId: session.id })).rejects.toMatchObject({ code: 'TOKEN_LIMIT_EXCEEDED', message: expect.stringContaining('Raise the limit') })
    expect(test.provider.requests).toHaveLength(3)
  })

  it('stop before the call that would go over the money; raising the budget resumes', async () => {
    const test = startTestRuntime({ script: (request, index) => (index < 4 ? { toolCalls: [{ name: 'read', id: `call-${index}` }] } : { text: `done after ${request.messages.length}` }) })
    await test.client.settings.put({ limits: LimitsSchema.parse({ maxCostUsd: 0.00003 }) })
    await test.runtime.start()
    const session = await test.client.sessions.create({})
    const failure = await test.client.agents.execute({ instruction: 'go', sessionId: session.id }).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(AppError)
    expect(failure).toMatchObject({ code: 'NO_CREDITS' })
    await test.client.settings.put({ limits: LimitsSchema.parse({}) })
    const [stopped] = (await test.client.runs.list({ id: session.id })).items
    await test.client.runs.resume({ id: stopped?.id ?? '' })
    await test.until((event) => event.topic === 'run.update' && event.payload.run.state === 'completed', 0)
    expect(test.provider.requests).toHaveLength(5)
  })

  it('do not count the time that a person takes', async () => {
    const test = await run({ tools: [writeTool().tool], script: [{ toolCalls: [{ name: 'write' }] }, { text: 'ok' }] })
    const asked = await test.until(({ topic }) => topic === 'human.request', 0)
    if ('advance' in test.clock && typeof test.clock.advance === 'function') test.clock.advance(3 * 3600_000)
    if (asked.topic === 'human.request') await test.client.humanRequests.answer({ id: asked.payload.request.id, decision: 'once' })
    expect((await test.ended()).state).toBe('completed')
  })

  it('end a tool that never returns', async () => {
    const test = await run({ tools: [readTool(() => new Promise(() => undefined))], script: [{ toolCalls: [{ name: 'read' }] }, { text: 'ok' }] })
    await test.until((event) => event.topic === 'step.update' && event.payload.step.kind === 'tool', 0)
    if ('advance' in test.clock && typeof test.clock.advance === 'function') {
      test.clock.advance(30_000)
      test.clock.advance(3_000)
    }
    expect((await test.ended()).state).toBe('completed')
    expect(test.provider.requests[1]?.messages.at(-1)).toMatchObject({ role: 'tool', isError: true, content: 'Timed out after 30 seconds and was stopped.' })
  })

  it('end a reply that never ends when the time of the run is up, and keep what came', async () => {
    const test = await run({ script: [{ text: 'On and on', hang: true }] })
    await test.until(({ topic }) => topic === 'step.update', 0)
    if ('advance' in test.clock && typeof test.clock.advance === 'function') test.clock.advance(30 * 60_000)
    expect(await test.ended()).toMatchObject({ state: 'failed', error: { code: 'TIME_LIMIT_EXCEEDED' } })
    const { items } = await test.client.sessions.entries({ id: test.session.id })
    expect(items.map(({ payload }) => payload.kind)).toEqual(['user_message', 'assistant_message', 'run_ended'])
  })

  it('bound how many messages wait in a session', async () => {
    const test = await run({ script: [{ hang: true }] })
    for (let index = 0; index < 100; index += 1) await test.client.sessions.send({ id: test.session.id, text: `message ${index}` })
    await expect(test.client.sessions.send({ id: test.session.id, text: 'one more' })).rejects.toMatchObject({ code: 'CONFLICT' })
  })
})

describe('a conversation that outgrows the window', () => {
  it('leaves out old tool outputs first, then summarises, and marks both in the journal', async () => {
    const big = 'word '.repeat(800)
    const test = await run({
      contextWindow: 16_500,
      tools: [readTool(() => Promise.resolve({ content: big }))],
      script: (request, index) => {
        if (request.system.startsWith('You shorten')) return { text: 'They read files.' }
        return index < 20 ? { text: big.slice(0, 2400), toolCalls: [{ name: 'read', id: `call-${index}` }], usage: null } : { text: 'Done.', usage: null }
      },
    })
    expect(await test.ended()).toMatchObject({ state: 'completed' })
    const { items } = await test.client.sessions.entries({ id: test.session.id })
    const kinds = items.map(({ payload }) => payload.kind)
    expect(kinds.indexOf('context_discard')).toBeGreaterThan(0)
    expect(kinds.indexOf('summary')).toBeGreaterThan(kinds.indexOf('context_discard'))
    expect(items.filter(({ payload }) => payload.kind === 'tool_result' && payload.content === big).length).toBeGreaterThan(8)
    const context = await test.client.sessions.context({ id: test.session.id })
    expect(context.parts.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['system', 'tools', 'summary', 'tool_result']))
    expect(context.totalTokens).toBeLessThan(16_000)
    expect((await test.client.runs.get({ id: test.runId })).steps.some(({ purpose, usage }) => purpose === 'summary' && usage !== null)).toBe(true)
  })

  it('says so when the newest message alone is too long, and keeps it', async () => {
    const test = await run({ contextWindow: 4000 }, 'word '.repeat(20_000))
    expect(await test.ended()).toMatchObject({ state: 'failed', error: { code: 'CONTEXT_TOO_LONG', message: expect.stringContaining('It is kept.') } })
    expect(test.provider.requests).toHaveLength(0)
  })

  it('shortens and asks again when the provider finds it too long although we did not', async () => {
    const test = await run({
      contextWindow: 20_000,
      script: (request, index) => {
        if (request.system.startsWith('You shorten')) return { text: 'Short.' }
        if (index < 4) return { text: 'word '.repeat(1500), toolCalls: [{ name: 'read', id: `call-${index}` }], usage: null }
        return request.messages.length > 4 ? { error: new AppError('CONTEXT_TOO_LONG', 'Too long.') } : { text: 'Fits.' }
      },
    })
    expect((await test.ended()).state).toBe('completed')
  })
})

describe('executing one instruction', () => {
  it('answers with the text when it is done in time', async () => {
    const test = startTestRuntime({ script: [{ text: 'Forty-two.' }] })
    await test.runtime.start()
    expect(await test.client.agents.execute({ instruction: 'What is it?' })).toMatchObject({ status: 200, body: { text: 'Forty-two.', usage: { totalTokens: 15 } } })
  })

  it('answers with the run when it takes longer, and the run goes on', async () => {
    const test = startTestRuntime({ tools: [writeTool().tool], script: [{ toolCalls: [{ name: 'write' }] }, { text: 'ok' }] })
    await test.runtime.start()
    const executing = test.client.agents.execute({ instruction: 'go', workspaceId: 'workspace', timeoutMs: 1000 })
    const asked = await test.until(({ topic }) => topic === 'human.request', 0)
    if ('advance' in test.clock && typeof test.clock.advance === 'function') test.clock.advance(1000)
    const answer = await executing
    expect(answer).toMatchObject({ status: 202 })
    if (asked.topic === 'human.request') await test.client.humanRequests.answer({ id: asked.payload.request.id, decision: 'once' })
    await test.until((event) => event.topic === 'run.update' && event.payload.run.id === answer.body.runId && event.payload.run.state === 'completed', 0)
  })

  it.each([
    ['no model', { environment: {} }, null, 'NO_MODEL'],
    ['an unknown provider', {}, 'nowhere/model', 'MODEL_UNKNOWN'],
    ['a provider without a key', {}, 'openai/gpt-test', 'KEY_MISSING'],
  ])('fails clearly with %s', async (_name, options, model, code) => {
    const test = startTestRuntime(options)
    await test.client.settings.put({ defaultModel: model })
    await test.runtime.start()
    await expect(test.client.agents.execute({ instruction: 'go' })).rejects.toMatchObject({ code })
  })
})
