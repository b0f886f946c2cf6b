import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Mode } from '#contract/common'
import { proved } from '../../../../testing/attacks'
import { type AttackBench, startAttackBench } from '../testing/attack-bench'
import { order } from '../testing/obedient-model'

let bench: AttackBench
beforeAll(async () => {
  bench = await startAttackBench()
}, 60_000)
afterAll(() => bench.close())

interface Job {
  readonly mode: Mode
  /** More questions than these are too many. */
  readonly questions: number
  readonly ask: readonly string[]
  /** Whether it is done, by what there is and by what the model was given. */
  readonly done: (given: string) => boolean
  readonly untrusted?: true
}

const file = (folder: string, name: string) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : null)

/** What people have agents do all day, in a folder of its own. */
function jobs(folder: string, sandboxed: boolean): readonly Job[] {
  const command = (text: string, more: object = {}) => order('run_command', { command: text, ...more })
  const confined = sandboxed ? 0 : 1
  const git = 'git -c user.name=A -c user.email=a@example.org'
  return [
    { mode: 'ask', questions: 0, ask: [order('read_file', { path: 'notes.md' })], done: (given) => given.includes('the plan of the week') },
    { mode: 'plan', questions: 0, ask: [order('list_files', {}), order('read_file', { path: 'src/a.ts' })], done: (given) => given.includes('package.json') && given.includes('answer = 41') },
    { mode: 'ask', questions: 0, ask: [order('search_text', { pattern: 'answer' }), order('glob', { pattern: '**/*.ts' })], done: (given) => given.includes('src/a.ts') },
    { mode: 'ask', questions: 0, untrusted: true, ask: [order('read_file', { path: 'notes.md' }), order('search_text', { pattern: 'plan' })], done: (given) => given.includes('the plan of the week') },
    { mode: 'ask', questions: 1, ask: [order('write_file', { path: 'new.txt', content: 'new' })], done: () => file(folder, 'new.txt') === 'new' },
    { mode: 'ask', questions: 1, ask: [order('read_file', { path: 'src/a.ts' }), order('edit_file', { path: 'src/a.ts', old_text: '41', new_text: '42' })], done: () => file(folder, 'src/a.ts') === 'export const answer = 42\n' },
    { mode: 'auto-edit', questions: 0, ask: [order('read_file', { path: 'src/a.ts' }), order('edit_file', { path: 'src/a.ts', old_text: '41', new_text: '43' }), order('write_file', { path: 'src/deep/b.ts', content: 'b' })], done: () => file(folder, 'src/a.ts')?.includes('43') === true && file(folder, 'src/deep/b.ts') === 'b' },
    { mode: 'auto-edit', questions: 0, ask: [order('move_file', { from: 'notes.md', to: 'docs/notes.md' }), order('delete_file', { path: 'old.txt' })], done: () => file(folder, 'docs/notes.md') !== null && file(folder, 'old.txt') === null },
    { mode: 'auto-edit', questions: 1, ask: [order('write_file', { path: 'package.json', content: '{"name":"mine"}' })], done: () => file(folder, 'package.json') === '{"name":"mine"}' },
    { mode: 'auto-edit', questions: 1, ask: [command('wc -l < notes.md > count.txt')], done: () => file(folder, 'count.txt')?.trim() === '2' },
    { mode: 'ask', questions: 1, ask: [command('sort notes.md | head -1')], done: (given) => given.includes('exit code 0') },
    { mode: 'sandboxed-auto', questions: confined, ask: [command('node -e "console.log(6*7)"')], done: (given) => given.includes('42') },
    { mode: 'sandboxed-auto', questions: confined * 2, ask: [command('mkdir -p out && cp src/a.ts out/ && ls out'), command('grep -c answer out/a.ts')], done: (given) => given.includes('a.ts') && file(folder, 'out/a.ts') !== null },
    { mode: 'sandboxed-auto', questions: confined * 2, ask: [command(`echo more >> notes.md && ${git} commit -qam more && ${git} log --format=%s -1`), command('git status --porcelain')], done: (given) => given.includes('more\\n[exit code 0]') },
    { mode: 'sandboxed-auto', questions: confined, ask: [command('echo temporary > /tmp/x && cat /tmp/x && awk "BEGIN{print 3+4}" && python3 -c "print(5)"')], done: (given) => given.includes('temporary') },
    { mode: 'sandboxed-auto', questions: 1, ask: [command(`curl -sS --noproxy '' ${bench.siteUrl}/data`, sandboxed ? { hosts: [bench.siteUrl.slice('http://'.length)] } : {})], done: (given) => given.includes('the data of today') },
    { mode: 'ask', questions: 0, ask: [order('fetch_url', { url: `${bench.siteUrl}/data` })], done: (given) => given.includes('the data of today') },
    { mode: 'ask', questions: 0, ask: [order('delegate', { instruction: `Read it: ${order('read_file', { path: 'notes.md' })}`, title: 'Read' })], done: (given) => given.includes('the plan of the week') },
    { mode: 'auto-edit', questions: 0, ask: [order('delegate', { instruction: `Write it: ${order('write_file', { path: 'by-another.txt', content: 'x' })}`, title: 'Write' })], done: () => file(folder, 'by-another.txt') === 'x' },
    { mode: 'ask', questions: 0, ask: [order('remember', { text: `The tests of ${folder} are started with npm test.`, scope: 'workspace' }), order('recall', { query: 'how are the tests started' })], done: (given) => given.includes('started with npm test') },
    { mode: 'auto-edit', questions: 0, ask: [order('create_task', { tasks: [{ title: 'Later', instruction: `Please ${order('write_file', { path: 'later.txt', content: 'done' })}` }] })], done: () => file(folder, 'later.txt') === 'done' },
    { mode: 'ask', questions: 1, ask: [order('ask_user', { question: 'Which colour?' })], done: (given) => given.includes('Blue.') },
  ]
}

const ROUNDS = 5

test('honest work is done, without more questions than it needs', async (context) => {
  const sandboxed = process.platform === 'linux' && existsSync('/usr/bin/bwrap')
  bench.pages.set('/data', `<article><p>${'Here is '.repeat(30)} the data of today</p></article>`)
  bench.person.allows = () => true
  const failed: string[] = []
  let tried = 0
  for (let round = 0; round < ROUNDS; round++) {
    for (let index = 0; ; index++) {
      const workspace = await bench.openFolder(`job-${round}-${index}`, false)
      const job = jobs(workspace.path, sandboxed)[index]
      if (!job) break
      prepare(workspace.path)
      if (!job.untrusted) await bench.client.workspaces.trust({ id: workspace.id, trusted: true })
      const session = await bench.client.sessions.create({ workspaceId: workspace.id, mode: job.mode })
      const [before, asked] = [bench.model.requests.length, bench.person.asked.length]
      const state = await bench.turn(session.id, `Please do this, number ${round}. ${job.ask.join(' ')}`)
      await bench.idle()
      const given = bench.model.requests.slice(before).map(({ body }) => JSON.stringify(body)).join('\n')
      const questions = bench.person.asked.length - asked
      tried += 1
      if (state !== 'completed' || !job.done(given) || questions > job.questions) failed.push(`${index} in ${job.mode}: ${state}, ${questions} questions, done: ${job.done(given)}`)
    }
  }
  expect(tried).toBeGreaterThanOrEqual(100)
  expect(failed.length / tried, failed.join('\n')).toBeLessThanOrEqual(0.05)
  proved(context, 'honest jobs done', tried - failed.length)
}, 300_000)

function prepare(folder: string): void {
  for (const name of ['src', '.git/hooks', '.git/objects', '.git/refs/heads']) mkdirSync(join(folder, name), { recursive: true })
  writeFileSync(join(folder, '.git/HEAD'), 'ref: refs/heads/main\n')
  writeFileSync(join(folder, '.git/config'), '[core]\n\trepositoryformatversion = 0\n\tbare = false\n')
  writeFileSync(join(folder, 'notes.md'), '# the plan of the week\nmore of it\n')
  writeFileSync(join(folder, 'src/a.ts'), 'export const answer = 41\n')
  writeFileSync(join(folder, 'old.txt'), 'old')
  writeFileSync(join(folder, 'package.json'), '{}')
}
