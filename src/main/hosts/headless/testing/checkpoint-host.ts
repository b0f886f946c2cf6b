/**
 * A host without a server that takes checkpoints, restores and prunes without end, and says on stdout what it was told
 * is done. `check` starts on what a killed one left, and says how the folder is and whether every checkpoint comes back.
 */
import { createRouterClient } from '@orpc/server'
import { hash } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { treeOf } from '../../../../testing/workbench'
import { composeRuntime } from '../../shared/compose-runtime'

const Order = z.object({ mode: z.enum(['work', 'check']), profile: z.string(), folder: z.string(), seed: z.number(), ids: z.array(z.string()) })
const order = Order.parse(JSON.parse(process.argv[2] ?? '{}'))
const say = (line: object) => writeSync(1, `${JSON.stringify(line)}\n`)

const { runtime, close } = composeRuntime({
  profile: order.profile, environment: { TRESTLE_SECRETS: 'session' }, ownPorts: () => [],
  host: { kind: 'headless', version: '0.0.0', platform: process.platform, pickFolder: null },
})
const client = createRouterClient(runtime.router, { context: { traceId: 'kill-test' } })
/** Short enough for a pipe. */
const treeDigest = () => hash('sha256', JSON.stringify(Object.entries(treeOf(order.folder)).sort()))
let seed = order.seed
/** Numbers that look random and are the same for a seed. */
const next = (below: number): number => {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
  return Math.floor((seed / 2_147_483_648) * below)
}

await runtime.start()
say({ tree: treeDigest() })
const workspace = await client.workspaces.open({ path: order.folder })
const { items } = await client.sessions.list({ archived: false, limit: 1 })
const session = items[0] ?? (await client.sessions.create({ workspaceId: workspace.id }))
if (order.mode === 'work') await work()
else await check()

async function work(): Promise<void> {
  const ids = [...order.ids]
  for (let round = 0; ; round += 1) {
    edit()
    const tree = treeDigest()
    const { id } = await client.checkpoints.create({ id: session.id, name: `round ${round}`, pinned: true })
    ids.push(id)
    say({ kept: id, tree })
    const target = ids[next(ids.length)] ?? id
    edit()
    say({ restoring: target, before: treeDigest() })
    await restore(target)
    say({ restored: target })
    if (round % 3 === 1) await client.storage.prune({}).catch(() => undefined)
  }
}

async function restore(id: string): Promise<unknown> {
  const { files } = await client.checkpoints.preview({ id, parts: ['files'] })
  const conflicts = Object.fromEntries((files?.items ?? []).map(({ path }) => [path, 'restore' as const]))
  return client.checkpoints.restore({ id, parts: ['files'], conflicts })
}

function edit(): void {
  for (let change = 0; change < 12; change += 1) {
    const folder = join(order.folder, `folder-${next(4)}`)
    const file = join(folder, `file-${next(12)}.txt`)
    if (next(4) === 0) rmSync(file, { force: true })
    else {
      mkdirSync(folder, { recursive: true })
      writeFileSync(file, `${next(1_000_000)}\n`.repeat(1 + next(2000)))
    }
  }
}

async function check(): Promise<void> {
  for (const id of order.ids) {
    const result = await restore(id).then(() => null, (error: unknown) => String(error))
    say({ id, error: result, tree: treeDigest() })
  }
  const updates = runtime.events.subscribe({ topics: ['storage.update'] }, new AbortController().signal)
  await updates.next()
  await client.storage.verify({})
  for await (const message of updates) {
    if (message.topic !== 'storage.update' || message.payload.job.endedAt === null) continue
    say({ verified: message.payload.job.state, damaged: message.payload.job.damaged })
    break
  }
  await runtime.stop(0)
  await close()
}
