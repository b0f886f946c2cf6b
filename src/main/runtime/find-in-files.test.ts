import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { SearchMessage } from '#contract/find-in-files'
import { startWorkbench, type Workbench } from '../../testing/workbench'

let bench: Workbench
let id: string
const query = { pattern: 'needle' }
beforeEach(async () => {
  bench = await startWorkbench([])
  id = bench.workspace.id
})
afterEach(() => bench.close())

function put(files: Record<string, string>) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(bench.folder, path)), { recursive: true })
    writeFileSync(join(bench.folder, path), text)
  }
}
const text = (path: string) => readFileSync(join(bench.folder, path), 'utf8')

async function run(more: { pattern?: string; limit?: number } = {}) {
  const messages: SearchMessage[] = []
  const { limit, ...changed } = more
  for await (const message of await bench.client.findInFiles.run({ id, query: { ...query, ...changed }, ...(limit === undefined ? {} : { limit }) })) messages.push(message)
  return messages
}

it('streams matches and then the end, bounded', async () => {
  put({ 'a.txt': 'needle\n'.repeat(30), 'b/c.txt': 'a needle' })
  const messages = await run()
  expect(messages.at(-1)).toEqual({ kind: 'done', matches: 31, files: 2, truncated: false })
  expect((await run({ limit: 5 })).at(-1)).toMatchObject({ kind: 'done', matches: 5, truncated: true })
  await expect(run({ pattern: '' })).rejects.toThrow()
})

it('a bad expression is refused in words', async () => {
  const search = async () => { for await (const _message of await bench.client.findInFiles.run({ id, query: { pattern: '(', isRegex: true } })) { /* nothing comes */ } }
  await expect(search()).rejects.toMatchObject({ code: 'INVALID_PARAMETERS' })
})

it('an expression with groups makes of the files what its preview showed', async () => {
  put({ 'a.ts': 'move(left, right)\nmove(a, b)\n' })
  const wanted = { id, query: { pattern: 'move\\((\\w+), (?P<to>\\w+)\\)', isRegex: true }, replacement: '${to}.take($1) // $0' }
  const preview = await bench.client.findInFiles.preview({ ...wanted, path: 'a.ts' })
  expect((await bench.client.findInFiles.replacements({ ...wanted, path: 'a.ts' })).items).toEqual([
    { line: 1, column: 0, text: 'right.take(left) // move(left, right)' }, { line: 2, column: 0, text: 'b.take(a) // move(a, b)' },
  ])
  await bench.client.findInFiles.replace({ ...wanted, files: [{ path: 'a.ts', matches: ['1:0', '2:0'], hash: preview.hash }] })
  expect([text('a.ts'), preview.after]).toEqual(Array.from({ length: 2 }, () => 'right.take(left) // move(left, right)\nb.take(a) // move(a, b)\n'))
})

it('replaces what was chosen, keeps marks and line ends, and takes a checkpoint first', async () => {
  put({ 'a.txt': '\uFEFFneedle needle\r\nNeedle\r\n', 'b.txt': 'needle' })
  const preview = await bench.client.findInFiles.preview({ id, query, replacement: '$pin', path: 'a.txt', exclude: ['1:7'] })
  expect(preview).toMatchObject({ before: '\uFEFFneedle needle\r\nNeedle\r\n', after: '\uFEFF$pin needle\r\n$pin\r\n', matches: 2 })
  const result = await bench.client.findInFiles.replace({
    id, query, replacement: '$pin', sessionId: bench.session.id,
    files: [{ path: 'a.txt', matches: ['1:0', '2:0'], hash: preview.hash }, { path: 'b.txt', matches: ['1:0'] }],
  })
  expect(result).toMatchObject({ replaced: [{ path: 'a.txt', matches: 2 }, { path: 'b.txt', matches: 1 }], failed: [] })
  expect([text('a.txt'), text('b.txt')]).toEqual(['\uFEFF$pin needle\r\n$pin\r\n', '$pin'])
  expect((await bench.checkpoints()).map(({ kind, title }) => [kind, title])).toEqual([['named', 'Before replacing "needle" with "$pin"']])
  writeFileSync(join(bench.folder, 'b.txt'), 'mine since')
  expect(await bench.client.findInFiles.undo({ id: result.id })).toMatchObject({ restored: ['a.txt'], failed: [{ path: 'b.txt' }] })
  expect([text('a.txt'), text('b.txt')]).toEqual(['\uFEFFneedle needle\r\nNeedle\r\n', 'mine since'])
  await expect(bench.client.findInFiles.undo({ id: result.id })).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' })
})

it('leaves files alone that changed since, that checkpoints do not cover, and those that are no text', async () => {
  put({ '.gitignore': '*.log', 'a.txt': 'needle', 'moved.txt': 'x needle', 'x.log': 'needle', 'b.bin': 'needle\0' })
  const files = ['a.txt', 'moved.txt', 'x.log', 'b.bin', 'gone.txt'].map((path) => ({ path, matches: ['1:0'] }))
  const result = await bench.client.findInFiles.replace({ id, query, replacement: 'pin', files })
  expect(result.replaced).toEqual([{ path: 'a.txt', matches: 1 }])
  expect(result.failed.map(({ path }) => path)).toEqual(['moved.txt', 'x.log', 'b.bin', 'gone.txt'])
  expect([text('moved.txt'), text('x.log')]).toEqual(['x needle', 'needle'])
  const stale = await bench.client.findInFiles.replace({ id, query, replacement: 'pin', files: [{ path: 'moved.txt', matches: ['1:2'], hash: 'another' }] })
  expect(stale.replaced).toEqual([])
})

it('in a folder without sessions the checkpoint has one of its own', async () => {
  put({ 'a.txt': 'needle' })
  await bench.client.sessions.remove({ id: bench.session.id })
  const { sessionId, checkpointId } = await bench.client.findInFiles.replace({ id, query, replacement: 'pin', files: [{ path: 'a.txt', matches: ['1:0'] }] })
  expect((await bench.client.sessions.get({ id: sessionId })).title).toBe('Search and replace')
  await bench.client.checkpoints.restore({ id: checkpointId, parts: ['files'], conflicts: { 'a.txt': 'restore' } })
  expect(text('a.txt')).toBe('needle')
})
