/**
 * A host without a server that dies on demand. Arguments: a JSON object, see `Order`. It sends one message (or takes
 * up what an earlier life left) or makes one task, allows what it is asked, and prints one JSON line per event that is on disk. With
 * `dieAt` it kills itself (SIGKILL) right before or right after that transaction reaches the disk.
 */
import { noProfileFiles } from '../../../../testing/no-profile-files'
import { existsSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { z } from 'zod'
import type { Store } from '#core/ports/store'
import { createBuiltinTools } from '#core/tools/builtin'
import { createContentStore } from '../../../adapters/content-store'
import { createDemoServer } from '../../../adapters/demo'
import { createSessionSecrets } from '../../../adapters/keytar'
import { createArtifactStore } from '../../../adapters/node/artifact-store'
import { createBlobStore } from '../../../adapters/node/blob-store'
import { createCommandRunner } from '../../../adapters/node/command-runner'
import { createFolders } from '../../../adapters/node/folders'
import { createSettingsFile } from '../../../adapters/node/settings-file'
import { newId, newToken, sha256, systemClock, systemRandom } from '../../../adapters/node/system'
import { builtinModels, createProvider } from '../../../adapters/providers'
import { createScriptRunner } from '../../../adapters/quickjs'
import { createTextSearch } from '../../../adapters/ripgrep/text-search'
import { openStore } from '../../../adapters/sqlite'
import { memoryAuditSigning } from '../../../../testing/memory-audit'
import { noFileTools } from '../../../../testing/no-file-tools'
import { noWeb } from '../../../../testing/no-web'
import { createRuntime } from '../../../runtime/create-runtime'

const Order = z.object({
  profile: z.string(),
  workspace: z.string(),
  modelUrl: z.string(),
  dieAt: z.object({ transaction: z.number(), moment: z.enum(['before', 'after']) }).nullable(),
  /** Kills itself right before the first transaction that finds this file in the workspace. */
  dieOnceThere: z.string().nullable().default(null),
  /** How a call whose outcome is unknown is answered. */
  unknown: z.enum(['once', 'reject']),
  /** The job is given as a task instead of a message. */
  task: z.boolean().default(false),
  /** The work is a workflow: two tasks side by side, an approval, and a last task. */
  workflow: z.boolean().default(false),
  /** It does not end before something was learnt from the job. */
  learn: z.boolean().default(false),
})

const order = Order.parse(JSON.parse(process.argv[2] ?? '{}'))
const jobTitle = 'The job'
const say = (line: object) => writeSync(1, `${JSON.stringify(line)}\n`)
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: (event: string, fields?: object) => say({ logged: event, ...fields, error: String(fields && 'error' in fields ? fields.error : '') }) }

const opened = openStore({ path: join(order.profile, 'trestle.db'), backupFolder: join(order.profile, 'backups'), clock: systemClock, newId, logger: silent })
let transactions = 0
let depth = 0
let onLearnt = () => {}
const hasLearnt = () => !order.learn || opened.store.learning.waiting(1).length === 0
const untilLearnt = () => new Promise<void>((resolve) => {
  onLearnt = resolve
  if (hasLearnt()) resolve()
})
const store: Store = {
  ...opened.store,
  transaction: (work, durability) => {
    if (depth > 0) return opened.store.transaction(work, durability)
    transactions += 1
    const isThere = order.dieOnceThere !== null && existsSync(join(order.workspace, order.dieOnceThere))
    const dies = isThere ? 'before' : order.dieAt?.transaction === transactions ? order.dieAt.moment : null
    depth += 1
    try {
      const result = opened.store.transaction(() => {
        const done = work()
        if (dies === 'before') process.kill(process.pid, 'SIGKILL')
        return done
      }, durability)
      if (dies === 'after') process.kill(process.pid, 'SIGKILL')
      if (hasLearnt()) onLearnt()
      return result
    } finally {
      depth -= 1
    }
  },
}

const runtime = createRuntime({
  store, jobs: opened.jobs, memorySearch: opened.memorySearch, auditReader: opened.auditReader, auditSigning: memoryAuditSigning(), settingsFile: createSettingsFile({ path: join(order.profile, 'settings.json'), clock: systemClock }), profileFiles: noProfileFiles, recentErrors: () => [],
  folders: createFolders({ binFolder: join(order.profile, 'bin'), tracesFolder: join(order.profile, 'unfinished-writes') }), search: createTextSearch(), ...noFileTools(), ...noWeb, scripts: createScriptRunner(), commands: createCommandRunner(),
  artifacts: createArtifactStore({ folder: join(order.profile, 'artifacts') }), blobs: createBlobStore({ folder: join(order.profile, 'attachments') }), snapshots: createContentStore({ folder: join(order.profile, 'content') }),
  scratchFolder: (id) => join(order.profile, 'scratch', id), secrets: createSessionSecrets(),
  createProvider, builtinModels, demo: createDemoServer(), discoverLocalServers: () => Promise.resolve([]), tools: createBuiltinTools(),
  clock: systemClock, newId, newTraceId: newId, random: systemRandom, sha256, newToken, logger: silent,
  environment: { OPENAI_API_KEY: 'test-key', OPENAI_BASE_URL: order.modelUrl, TRESTLE_MODEL: 'openai/test' },
  host: { kind: 'headless', version: '0.0.0', platform: process.platform, pickFolder: null },
})
const client = createRouterClient(runtime.router, { context: { traceId: 'crash-test' } })

const events = runtime.events.subscribe({}, new AbortController().signal)
const watching = (async () => {
  for await (const event of events) {
    if (event.topic === 'session.entry') say({ entry: event.payload.entry.id, kind: event.payload.entry.payload.kind })
    if (event.topic === 'step.update' && event.payload.step.endedAt !== null) say({ step: event.payload.step.id, state: event.payload.step.state })
    if (event.topic === 'human.request' && event.payload.request.status === 'open') await allow(event.payload.request)
    if (event.topic === 'task.update') say({ task: event.payload.task.id, state: event.payload.task.state })
    if (order.task && event.topic === 'task.update' && event.payload.task.title === jobTitle && event.payload.task.state === 'done') return
    if (order.workflow && event.topic === 'workflow.run' && event.payload.run.endedAt !== null) return
    if (!order.task && !order.workflow && event.topic === 'run.update' && event.payload.run.state === 'completed') return
    if (event.topic === 'run.update' && event.payload.run.state === 'failed') throw new Error(event.payload.run.error?.message)
  }
})()

async function allow(request: { id: string; kind: string }): Promise<void> {
  say({ asked: request.kind })
  const decision = request.kind === 'unknown_outcome' ? order.unknown : 'once'
  await client.humanRequests.answer({ id: request.id, decision })
}

const startedAt = systemClock.elapsed()
await runtime.start()
say({ usableAfterMs: systemClock.elapsed() - startedAt })
await (order.workflow ? giveWorkflow() : order.task ? giveTask() : takeUp())
await watching
say({ ended: transactions })
await untilLearnt()
say({ completed: true, transactions })
await runtime.stop(0)
await opened.close()

/** What a script would do: give the same task again, and answer what is open. */
async function giveTask(): Promise<void> {
  const workspace = await client.workspaces.open({ path: order.workspace })
  await client.workspaces.trust({ id: workspace.id, trusted: true })
  const task = await client.tasks.create({ title: jobTitle, instruction: 'Do the whole job.', workspaceId: workspace.id, mode: 'auto-edit', idempotencyKey: 'the-job' })
  say({ acknowledged: task.id })
  for (const request of (await client.humanRequests.list({ status: 'open', limit: 10 })).items) await allow(request)
  const now = await client.tasks.get({ id: task.id })
  // Told to be started where its folder was not trusted yet.
  if (now.state === 'needs_you' && now.attempt === 0) await client.tasks.retry({ id: task.id })
  if (now.state !== 'done') return
  say({ completed: true, transactions })
  process.exit(0)
}

/** What a script would do: save and start it where that was not done yet, and answer what is open. */
async function giveWorkflow(): Promise<void> {
  const workspace = await client.workspaces.open({ path: order.workspace })
  await client.workspaces.trust({ id: workspace.id, trusted: true })
  const step = (key: string, dependsOn: string[] = []) => ({ kind: 'task' as const, key, title: key, instruction: `Write ${key}.txt`, dependsOn })
  const [saved] = (await client.workflows.list({})).items
  const { id } = saved ?? await client.workflows.create({
    name: 'The flow', steps: [step('one'), step('two'), { kind: 'approval', key: 'look', title: 'Look', dependsOn: ['one', 'two'] }, step('three', ['look'])], output: '{{three.result}}',
  })
  for (const request of (await client.humanRequests.list({ status: 'open', limit: 10 })).items) await allow(request)
  const [known] = (await client.workflows.runs({})).items
  const run = known ?? await client.workflows.start({ id, workspaceId: workspace.id, mode: 'auto-edit' })
  say({ acknowledged: run.id })
  // Told to be started where its folder was not trusted yet.
  for (const task of (await client.tasks.list({})).items) if (task.state === 'needs_you' && task.attempt === 0) await client.tasks.retry({ id: task.id })
  if (run.endedAt === null) return
  say({ completed: true, transactions })
  process.exit(0)
}

/** What a person would do after a crash: answer what is open, resume what was interrupted; else begin. */
async function takeUp(): Promise<void> {
  const workspace = await client.workspaces.open({ path: order.workspace })
  await client.workspaces.trust({ id: workspace.id, trusted: true })
  const { items } = await client.sessions.list({ limit: 10, archived: false })
  const session = items[0] ?? (await client.sessions.create({ workspaceId: workspace.id }))
  const known = (await client.runs.list({ id: session.id })).items[0]
  if (!known) {
    say({ acknowledged: (await client.sessions.send({ id: session.id, text: 'Do the whole job.' })).runId })
    return
  }
  const open = await client.humanRequests.list({ status: 'open', limit: 10 })
  for (const request of open.items) await allow(request)
  const run = await client.runs.get({ id: known.id })
  if (run.state === 'interrupted') await client.runs.resume({ id: run.id })
  if (run.state !== 'completed') return
  await untilLearnt()
  say({ completed: true, transactions })
  process.exit(0)
}
