import { createRouterClient } from '@orpc/server'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import type { EventEnvelope } from '#contract/events'
import type { TaskSettings } from '#contract/settings'
import type { Task, TaskState } from '#contract/tasks'
import { defineTool } from '#core/tools/define-tool'
import { z } from 'zod'
import { type ModelScript, startModelServer } from '../../../testing/model-server'
import { composeRuntime } from './compose-runtime'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const look = defineTool({
  name: 'look', description: 'Looks.', capability: 'read', readOnly: true, input: z.strictObject({ fails: z.boolean().default(false) }),
  prepare: ({ fails }) => Promise.resolve({ title: 'Look', paths: [], execute: () => Promise.resolve({ content: fails ? 'There is nothing.' : 'There it is.', isError: fails }) }),
})

/** 1,000 tokens in and 100 out for each call, asked through the SDK. */
async function started(script: ModelScript) {
  const profile = await mkdtemp(join(tmpdir(), 'trestle-budgets-'))
  closing.push(() => rm(profile, { recursive: true, force: true }))
  const server = await startModelServer(script)
  closing.push(() => server.close())
  const { runtime, close } = composeRuntime({
    profile, tools: [look], ownPorts: () => [], host: { kind: 'headless', version: '0.0.0', platform: process.platform, pickFolder: null },
    environment: { TRESTLE_SECRETS: 'session', OPENAI_API_KEY: 'test-key', OPENAI_BASE_URL: `${server.url}/v1`, TRESTLE_MODEL: 'openai/gpt-5' },
  })
  closing.push(close, () => runtime.stop(0))
  await runtime.start()
  const client = createRouterClient(runtime.router, { context: { traceId: 'budgets' } })
  const { path: folder } = await client.workspaces.open({ path: profile })
  const workspace = await client.workspaces.open({ path: folder })
  await client.workspaces.trust({ id: workspace.id, trusted: true })
  const until = async (matches: (event: EventEnvelope) => boolean) => {
    const stop = new AbortController()
    for await (const message of runtime.events.subscribe({ since: 0 }, stop.signal)) {
      if (message.topic === 'stream.open' || !matches(message)) continue
      stop.abort()
      return
    }
  }
  const reaches = async (id: string, state: TaskState, calls: number): Promise<Task> => {
    await until((event) => event.topic === 'task.update' && event.payload.task.id === id && event.payload.task.state === state && server.requests.length >= calls)
    return client.tasks.get({ id })
  }
  const make = async (more: object = {}) => (await client.tasks.create({ title: 'Look', instruction: 'Look.', workspaceId: workspace.id, ...more })).id
  const limit = async (tasks: Partial<TaskSettings>) => {
    const settings = await client.settings.get({})
    await client.settings.put({ tasks: { ...settings.tasks, ...tasks } })
  }
  return { server, client, reaches, make, limit, until, workspace }
}

const usage = { input: 1_000, output: 100 }
/** Looks twice, then says so. */
const thrice: ModelScript = ({ body }, index) => {
  const seen = z.array(z.object({ role: z.string() })).parse(body['messages']).filter(({ role }) => role === 'tool').length
  return seen < 2 ? { toolCalls: [{ id: `call-${index}`, name: 'look', arguments: {} }], usage } : { text: 'Seen.', usage }
}

it('the tokens of a task are counted before every call; raised, the same run goes on', async () => {
  const test = await started(thrice)
  const id = await test.make({ budget: { maxTokens: 2_000 } })
  const stopped = await test.reaches(id, 'needs_you', 2)
  expect(stopped).toMatchObject({ error: { code: 'TOKEN_LIMIT_EXCEEDED', data: { budget: 'task' } }, usage: { totalTokens: 2_200 } })
  expect(test.server.requests).toHaveLength(2)
  await test.client.tasks.patch({ id, budget: { maxTokens: 10_000, maxCostUsd: null, maxMinutes: null } })
  expect(await test.reaches(id, 'done', 3)).toMatchObject({ runId: stopped.runId, attempt: 1, usage: { totalTokens: 3_300 } })
  expect(test.server.requests).toHaveLength(3)
})

it('the money of a task is counted over its attempts', async () => {
  const test = await started(thrice)
  const id = await test.make({ budget: { maxCostUsd: 0.000_001 } })
  const stopped = await test.reaches(id, 'needs_you', 1)
  expect(stopped).toMatchObject({ error: { code: 'NO_CREDITS', data: { budget: 'task' } } })
  expect(stopped.costUsd).toBeGreaterThan(0.000_001)
  expect(test.server.requests).toHaveLength(1)
  await test.client.tasks.patch({ id, budget: { maxTokens: null, maxCostUsd: 1, maxMinutes: null } })
  await test.reaches(id, 'done', 3)
})

it.each([
  ['a folder', { maxFolderDayUsd: 0.000_001 }, { maxFolderDayUsd: null }, 'folder'],
  ['everything together', { maxDayUsd: 0.000_001 }, { maxDayUsd: 1 }, 'day'],
] as const)('the money of %s in a day stops tasks and conversations; raised, tasks go on by themselves', async (_name, low, high, budget) => {
  const test = await started(thrice)
  await test.limit(low)
  const id = await test.make()
  expect(await test.reaches(id, 'needs_you', 1)).toMatchObject({ error: { code: 'NO_CREDITS', data: { budget } } })
  const session = await test.client.sessions.create({ workspaceId: test.workspace.id })
  await expect(test.client.agents.execute({ sessionId: session.id, instruction: 'Look.' })).rejects.toMatchObject({ code: 'NO_CREDITS' })
  expect(test.server.requests).toHaveLength(1)
  await test.limit(high)
  await test.reaches(id, 'done', 3)
})

it('the money of a schedule in a day is counted over its occurrences', async () => {
  const test = await started(thrice)
  await test.limit({ maxScheduleDayUsd: 0.000_001 })
  const schedule = await test.make({ when: { kind: 'scheduled', cron: '0 0 1 1 *', timeZone: 'UTC' } })
  const { id } = await test.client.tasks.run({ id: schedule })
  expect(await test.reaches(id, 'needs_you', 1)).toMatchObject({ scheduleId: schedule, error: { code: 'NO_CREDITS', data: { budget: 'schedule' } } })
  const elsewhere = await test.make()
  await test.reaches(elsewhere, 'done', 4)
  await test.limit({ maxScheduleDayUsd: null })
  await test.reaches(id, 'done', 6)
})

it('a task that fails the same way again and again without progress stops and says so', async () => {
  const test = await started((_request, index) => ({ toolCalls: [{ id: `call-${index}`, name: 'look', arguments: { fails: true } }], usage }))
  const id = await test.make()
  expect(await test.reaches(id, 'failed', 3)).toMatchObject({ error: { code: 'NO_PROGRESS' }, reason: expect.stringContaining('The same call failed three times in a row, so the run was stopped. It said: look: There is nothing.') })
  expect(test.server.requests).toHaveLength(3)
})
