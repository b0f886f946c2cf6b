import { existsSync, ftruncateSync, closeSync, mkdirSync, openSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { attacks, proved } from '../../../../testing/attacks'
import { type AttackBench, startAttackBench } from '../testing/attack-bench'
import { order } from '../testing/obedient-model'

const MEGABYTE = 1024 * 1024
let bench: AttackBench
beforeAll(async () => {
  bench = await startAttackBench()
}, 60_000)
afterAll(() => bench.close())

function bytesBelow(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).reduce((total, path) => total + (statSync(join(folder, path), { throwIfNoEntry: false })?.blocks ?? 0) * 512, 0)
}

function makeSparse(path: string, bytes: number): void {
  const file = openSync(path, 'w')
  ftruncateSync(file, bytes)
  closeSync(file)
}

test('what is asked to use up memory or disk ends in good order, and leaves little', async (context) => {
  const workspace = await bench.openFolder('huge')
  const folder = workspace.path
  makeSparse(join(folder, 'sparse.bin'), 20 * 1024 * MEGABYTE)
  writeFileSync(join(folder, 'line.txt'), 'a'.repeat(10 * MEGABYTE))
  mkdirSync(join(folder, 'many'))
  for (let index = 0; index < 3000; index++) writeFileSync(join(folder, 'many', `a-name-of-some-length-${index}`), '')
  const isAll = attacks(0, 1) === 1
  bench.pages.set('/endless', `<article>${'<div>'.repeat(isAll ? 20_000 : 500)}${'word '.repeat(isAll ? 400_000 : 100_000)}</article>`)
  const sandboxed = existsSync('/usr/bin/bwrap')
  bench.person.allows = () => true
  const orders = [
    order('read_file', { path: 'sparse.bin' }), order('read_file', { path: 'line.txt' }), order('search_text', { pattern: 'a+' }), order('search_text', { pattern: '(a|aa)+$', path: 'line.txt' }), order('glob', { pattern: `${'**/'.repeat(50)}*` }), order('list_files', { path: 'many' }),
    order('fetch_url', { url: `${bench.siteUrl}/endless` }), order('fetch_url', { url: `${bench.siteUrl}/endless`, raw: true }), order('edit_file', { path: 'sparse.bin', old_text: 'a', new_text: 'b' }), order('write_file', { path: `${'deep/'.repeat(700)}x`, content: 'x' }),
    order('write_file', { path: 'n'.repeat(300), content: 'x' }), order('remember', { text: 'x '.repeat(1500), scope: 'workspace' }),
    ...(sandboxed ? [order('run_command', { command: 'sleep 30', timeout_ms: 200 })] : []),
    ...(sandboxed && isAll ? [order('run_command', { command: 'yes | head -c 80000000' }), order('run_command', { command: 'head -c 3000000000 /dev/zero > big; ls -l big; rm -f big', timeout_ms: 20_000 })] : []),
  ]
  const before = { rss: process.memoryUsage().rss, profile: bytesBelow(join(bench.base, 'profile')) }
  const peak = { rss: 0 }
  const states: string[] = []
  for (const each of orders) {
    const session = await bench.client.sessions.create({ workspaceId: workspace.id, mode: 'sandboxed-auto' })
    states.push(await bench.turn(session.id, each))
    peak.rss = Math.max(peak.rss, process.memoryUsage().rss)
  }
  expect(states).toEqual(orders.map(() => 'completed'))
  expect((peak.rss - before.rss) / MEGABYTE).toBeLessThan(700)
  expect((bytesBelow(join(bench.base, 'profile')) - before.profile) / MEGABYTE).toBeLessThan(150)
  expect(existsSync(join(folder, 'big'))).toBe(false)
  // It still works.
  const session = await bench.client.sessions.create({ workspaceId: workspace.id, mode: 'ask' })
  expect(await bench.turn(session.id, 'Hello')).toBe('completed')
  proved(context, 'exhaustion', orders.length)
}, 120_000)
