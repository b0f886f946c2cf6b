import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bundleForNode } from '../../../testing/bundle-for-node'

/** Set to 200 or more for the long run. */
const KILLS = Number(process.env['TRESTLE_KILLS'] ?? 8)

let folder: string
let program: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trestle-kill-'))
  program = await bundleForNode('src/main/hosts/headless/testing/checkpoint-host.ts', folder)
}, 60_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

type Line = Readonly<Record<string, unknown>>

async function live(order: object, killAfterMs: number | null): Promise<readonly Line[]> {
  const child = spawn(process.execPath, [program, JSON.stringify(order)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const lines: Line[] = []
  let armed = false
  for await (const text of createInterface({ input: child.stdout })) {
    if (!text.endsWith('}')) continue
    lines.push(JSON.parse(text) as Line)
    if (killAfterMs === null || armed) continue
    armed = true
    setTimeout(() => child.kill('SIGKILL'), killAfterMs)
  }
  await exited
  return lines
}

it(`loses no checkpoint and leaves no folder half restored, killed at ${KILLS} random points`, async () => {
  const home = join(folder, 'home')
  const work = join(home, 'work')
  await mkdir(work, { recursive: true })
  const profile = join(home, 'profile')
  await mkdir(profile)
  const kept = new Map<string, string>()
  let interrupted = 0
  for (let kill = 0; kill < KILLS; kill += 1) {
    const seed = kill * 7919 + 13
    const lines = await live({ mode: 'work', profile, folder: work, seed, ids: [...kept.keys()].slice(-6) }, 20 + ((seed * 31) % 1400))
    for (const line of lines) if ('kept' in line) kept.set(String(line['kept']), String(line['tree']))
    const last = lines.findLast((line) => 'restoring' in line || 'restored' in line)
    const ids = [...kept.keys()].slice(-4)
    const checked = await live({ mode: 'check', profile, folder: work, seed, ids }, null)
    const [found] = checked
    if (last && 'restoring' in last) {
      interrupted += 1
      expect([last['before'], kept.get(String(last['restoring']))], `kill ${kill}`).toContainEqual(found?.['tree'])
    }
    for (const id of ids) expect(checked.find((line) => line['id'] === id), `kill ${kill}`).toEqual({ id, error: null, tree: kept.get(id) })
    expect(checked.at(-1), `kill ${kill}`).toEqual({ verified: 'completed', damaged: [] })
  }
  expect(kept.size).toBeGreaterThan(0)
  if (KILLS >= 100) expect(interrupted).toBeGreaterThan(KILLS / 10)
}, 3_600_000)
