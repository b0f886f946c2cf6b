/**
 * A host without a server that runs tasks and two schedules of every second without end, and says on stdout what it was told is done.
 * Its clock goes faster than the real one, also while no process is there. `settle` pauses the schedules, waits until nothing is open
 * any more, and ends.
 */
import { createRouterClient } from '@orpc/server'
import { appendFileSync, writeSync } from 'node:fs'
import { z } from 'zod'
import { createBuiltinTools } from '#core/tools/builtin'
import { defineTool } from '#core/tools/define-tool'
import { isAppError } from '#core/errors'
import type { Clock } from '#core/ports/system'
import { systemClock } from '../../../adapters/node/system'
import { composeRuntime } from '../../shared/compose-runtime'

const Order = z.object({
  mode: z.enum(['work', 'settle']), life: z.number(), profile: z.string(), workspace: z.string(), effects: z.string(), modelUrl: z.string(), origin: z.number(), speed: z.number(),
})
const order = Order.parse(JSON.parse(process.argv[2] ?? '{}'))
const say = (line: object) => writeSync(1, `${JSON.stringify(line)}\n`)

const clock: Clock = {
  ...systemClock,
  now: () => Math.round(order.origin + (Date.now() - order.origin) * order.speed),
  elapsed: () => performance.now() * order.speed,
  sleep: (ms, signal) => systemClock.sleep(ms / order.speed, signal),
  after: (ms, callback) => systemClock.after(ms / order.speed, callback),
}

const Nothing = z.strictObject({})
/** What must happen once: a line with the conversation it was done for. Whether it happened cannot be read back. */
const effect = defineTool({
  name: 'effect', description: 'Has an effect.', capability: 'edit', readOnly: false, input: Nothing,
  prepare: (_input, { sessionId }) => Promise.resolve({
    title: 'Have an effect', paths: [],
    execute: () => {
      appendFileSync(order.effects, `${sessionId}\n`)
      return Promise.resolve({ content: 'There it is.' })
    },
  }),
})
const fail = defineTool({
  name: 'fail', description: 'Fails.', capability: 'read', readOnly: true, input: Nothing,
  prepare: () => Promise.resolve({ title: 'Fail', paths: [], execute: () => Promise.resolve({ content: 'It failed.', isError: true }) }),
})
const hang = defineTool({
  name: 'hang', description: 'Waits.', capability: 'read', readOnly: true, input: Nothing, timeoutMs: null,
  prepare: () => Promise.resolve({
    title: 'Wait', paths: [],
    execute: ({ signal }) => new Promise((_resolve, reject) => {
      say({ hangs: true })
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    }),
  }),
})

function compose() {
  try {
    return composeRuntime({
      profile: order.profile, clock, tools: [...createBuiltinTools(), effect, fail, hang], ownPorts: () => [],
      environment: { TRESTLE_SECRETS: 'session', OPENAI_API_KEY: 'test-key', OPENAI_BASE_URL: order.modelUrl, TRESTLE_MODEL: 'openai/test' },
      host: { kind: 'headless', version: '0.0.0', platform: process.platform, pickFolder: null },
    })
  } catch (error) {
    if (!isAppError(error)) throw error
    say({ refused: error.code })
    process.exit(3)
  }
}

const { runtime, close } = compose()
const client = createRouterClient(runtime.router, { context: { traceId: 'kill-test' } })
await runtime.start()
void answerAll()
say({ started: true })
const workspace = await client.workspaces.open({ path: order.workspace })
await client.workspaces.trust({ id: workspace.id, trusted: true })
const settings = await client.settings.get({})
await client.settings.put({ tasks: { ...settings.tasks, maxConcurrent: 12, maxPerWorkspace: 12, maxOpen: 10_000 }, maxConcurrentRuns: 12 })
const place = { instruction: 'Do it.', workspaceId: workspace.id, mode: 'auto-edit' } as const
const everySecond = { kind: 'scheduled', cron: '* * * * * *', timeZone: 'UTC', startAt: order.origin } as const
const all = await client.tasks.create({ ...place, title: 'All', idempotencyKey: 'all', when: { ...everySecond, misfire: { policy: 'all', cap: 1_000 }, overlap: 'allow' } })
const one = await client.tasks.create({ ...place, title: 'One', idempotencyKey: 'one', when: { ...everySecond, misfire: { policy: 'once', windowMinutes: 60 }, overlap: 'queue' } })
if (order.mode === 'settle') await settle()
else for (let round = 0; ; round += 1) await work(`${order.life}-${round}`)

async function make(kind: string, name: string, more: object = {}): Promise<string> {
  const { id } = await client.tasks.create({ ...place, title: `${kind} ${name}`, idempotencyKey: `${kind}-${name}`, ...more })
  say({ made: id })
  return id
}

async function work(name: string): Promise<void> {
  const first = await make('First', name)
  await make('Second', name, { dependsOn: [first] })
  await make('Retry', name, { attempts: { max: 3, backoffSeconds: 0, factor: 1 } })
  const stuck = await make('Hang', name)
  await systemClock.sleep(150)
  await client.tasks.cancel({ id: stuck })
  say({ cancelled: stuck })
}

/** What is unknown is left as it is: that it is not done twice is what is counted. */
async function answerAll(): Promise<void> {
  const changes = runtime.events.subscribe({ topics: ['human.request'] }, new AbortController().signal)
  await changes.next()
  for (const request of (await client.humanRequests.list({ status: 'open', limit: 200 })).items) await answer(request)
  for await (const event of changes) if (event.topic === 'human.request' && event.payload.request.status === 'open') await answer(event.payload.request)
}

async function answer({ id, kind }: { readonly id: string; readonly kind: string }): Promise<void> {
  await client.humanRequests.answer({ id, decision: kind === 'unknown_outcome' ? 'reject' : 'once' }).catch(() => undefined)
}

async function settle(): Promise<void> {
  for (const { id } of [all, one]) await client.schedules.pause({ id })
  const changes = runtime.events.subscribe({ topics: ['task.update'] }, new AbortController().signal)
  await changes.next()
  for (;;) {
    const open = (await client.tasks.list({ limit: 2_000 })).items.filter(({ when, state }) => when.kind === 'adhoc' && ['ready', 'running', 'needs_you', 'backlog'].includes(state))
    for (const { id, title } of open) if (title.startsWith('Hang')) await client.tasks.cancel({ id })
    // Those that a schedule keeps for later are not there yet: it is paused for good.
    if (open.length === 0) break
    say({ open: open.length })
    await changes.next()
  }
  say({ settled: true })
  await runtime.stop(0)
  await close()
}
