import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { BinItem } from '#contract/workspaces'
import { isAppError } from '#core/errors'
import { createArtifactStore, createCommandRunner, createFolders, newId } from '../../adapters/node'
import { createTextSearch } from '../../adapters/ripgrep'
import { createManualClock } from '../../../testing/manual-clock'
import { createBuiltinTools } from './builtin'
import type { ExecuteContext, Tool } from './tool'

interface Bench {
  readonly base: string
  readonly root: string
  readonly binned: BinItem[]
  readonly context: ExecuteContext
  readonly controller: AbortController
  readonly streamed: string[]
}

const tools = new Map(createBuiltinTools().map((tool) => [tool.name, tool]))
const bench: { current: Bench | null } = { current: null }

beforeEach(async () => {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'trestle-tools-')))
  const root = join(base, 'work')
  await mkdir(root)
  const [binned, streamed, controller]: [BinItem[], string[], AbortController] = [[], [], new AbortController()]
  const context: ExecuteContext = {
    sessionId: 'session-1', workspaceId: 'workspace-1', stepId: newId(), answer: null, newId, clock: createManualClock(5_000),
    folder: await createFolders({ binFolder: join(base, 'bin'), tracesFolder: join(base, 'traces') }).open(root),
    search: createTextSearch(), commands: createCommandRunner(), artifacts: createArtifactStore({ folder: join(base, 'artifacts') }),
    bin: {
      insert: (item) => {
        if (binned.some((other) => other.id === item.id)) throw new Error('the id is taken')
        binned.push(item)
      },
    },
    signal: controller.signal, onOutput: (text) => streamed.push(text),
    call: { runId: 'run-1', callId: 'call-1', key: 'reply-1 call-1', traceId: 'trace-1' }, conversation: [], inner: { make: () => Promise.reject(new Error('no calls here')) }, aside: (work) => work(), asides: { ask: () => Promise.resolve(null), reply: () => Promise.reject(new Error('no model here')) },
  }
  bench.current = { base, root, binned, context, controller, streamed }
})
afterEach(() => rm(here().base, { recursive: true, force: true }))

function here(): Bench {
  if (!bench.current) throw new Error('no bench')
  return bench.current
}

function toolNamed(name: string): Tool {
  const tool = tools.get(name)
  if (!tool) throw new Error(`no tool ${name}`)
  return tool
}

async function call(name: string, input: unknown, changes: Partial<ExecuteContext> = {}) {
  const context = { ...here().context, ...changes }
  return (await toolNamed(name).prepare(input, context)).execute(context)
}

const prepare = (name: string, input: unknown) => toolNamed(name).prepare(input, here().context)
const put = async (path: string, text: string) => {
  await mkdir(join(here().root, path, '..'), { recursive: true })
  await writeFile(join(here().root, path), text)
}
const get = (path: string) => readFile(join(here().root, path), 'utf8')
const failure = (work: Promise<unknown>) => work.then(() => 'no failure', (error) => (isAppError(error) ? `${error.code}: ${error.message}` : String(error)))

test('the tools have the wire names and arguments that scripts and models rely on', () => {
  const shapes = [...tools.values()].map((tool) => ({
    name: tool.name, capability: tool.capability, readOnly: tool.readOnly,
    properties: Object.keys(Object(tool.parameters['properties'])), required: tool.parameters['required'] ?? [], closed: tool.parameters['additionalProperties'] === false,
  }))
  expect(shapes).toEqual([
    { name: 'read_file', capability: 'read', readOnly: true, properties: ['path', 'offset', 'limit'], required: ['path'], closed: true },
    { name: 'list_files', capability: 'read', readOnly: true, properties: ['path'], required: [], closed: true },
    { name: 'glob', capability: 'read', readOnly: true, properties: ['pattern'], required: ['pattern'], closed: true },
    { name: 'search_text', capability: 'read', readOnly: true, properties: ['pattern', 'path'], required: ['pattern'], closed: true },
    { name: 'edit_file', capability: 'edit', readOnly: false, properties: ['path', 'old_text', 'new_text', 'replace_all'], required: ['path', 'old_text', 'new_text'], closed: true },
    { name: 'write_file', capability: 'edit', readOnly: false, properties: ['path', 'content'], required: ['path', 'content'], closed: true },
    { name: 'move_file', capability: 'edit', readOnly: false, properties: ['from', 'to'], required: ['from', 'to'], closed: true },
    { name: 'delete_file', capability: 'edit', readOnly: false, properties: ['path'], required: ['path'], closed: true },
    { name: 'run_command', capability: 'execute', readOnly: false, properties: ['command', 'timeout_ms', 'hosts', 'outside_sandbox'], required: ['command'], closed: true },
    { name: 'ask_user', capability: 'ask', readOnly: true, properties: ['question', 'options'], required: ['question'], closed: true },
  ])
})

test('arguments that do not fit are refused in one sentence', async () => {
  expect(await failure(prepare('read_file', { file: 'x' }))).toMatch(/^INVALID_PARAMETERS: Invalid parameters for read_file: path: /)
  expect(await failure(prepare('run_command', { command: 'x', timeout_ms: 600_001 }))).toMatch(/^INVALID_PARAMETERS: Invalid parameters for run_command: timeout_ms: /)
})

test.each([
  ['read_file', { path: '../secret' }], ['list_files', { path: '/etc' }], ['search_text', { pattern: 'x', path: 'out' }], ['glob', { pattern: '../*' }], ['glob', { pattern: '/etc/*' }],
  ['edit_file', { path: 'out/secret', old_text: 'a', new_text: 'b' }], ['write_file', { path: 'out/new', content: 'x' }], ['write_file', { path: '../new', content: 'x' }],
  ['move_file', { from: 'in', to: 'out/in' }], ['move_file', { from: 'out/secret', to: 'x' }], ['delete_file', { path: 'out' }], ['delete_file', { path: 'out/secret' }],
])('%s %o is refused: it leads outside', async (name, input) => {
  await mkdir(join(here().base, 'outside'))
  await writeFile(join(here().base, 'outside/secret'), 'secret')
  await symlink('../outside', join(here().root, 'out'))
  await put('in', 'x')
  expect(await failure(call(name, input))).toBe('PATH_OUTSIDE_WORKSPACE: Path access denied - outside workspace')
  expect(await readdir(join(here().base, 'outside'))).toEqual(['secret'])
})

describe('reading', () => {
  test('gives lines as they are and says how to go on', async () => {
    await put('a.txt', '\uFEFFone\r\ntwo\nthree\n')
    expect(await call('read_file', { path: 'a.txt' })).toEqual({ content: 'one\ntwo\nthree', details: { kind: 'file', path: 'a.txt', lines: 3, bytes: 18 } })
    expect((await call('read_file', { path: 'a.txt', offset: 2, limit: 1 })).content).toBe('two\n[Lines 2 to 2 of 3. Go on with offset 3]')
    expect(await failure(call('read_file', { path: 'a.txt', offset: 9 }))).toBe('INVALID_PARAMETERS: a.txt has 3 lines; there is no line 9')
    expect(await failure(call('read_file', { path: 'none' }))).toMatch(/^RESOURCE_NOT_FOUND: none not found/)
    expect(await failure(call('read_file', { path: '.' }))).toMatch(/^INVALID_PARAMETERS: . is a folder/)
  })

  test('no read gives more than fits a result', async () => {
    await put('long.txt', `${'x'.repeat(1_000_000)}\nnext\n`)
    const { content } = await call('read_file', { path: 'long.txt' })
    expect(content.length).toBeLessThan(100_000)
    expect(content).toMatch(/\[line cut here: it has 1000000 bytes\]\n\[Lines 1 to 1 of 2. Go on with offset 2\]$/)
  })

  test('lists, finds and searches', async () => {
    await put('src/a.ts', 'const x = 1\n')
    await put('b.md', 'x')
    expect(await call('list_files', {})).toEqual({ content: 'b.md\nsrc/', details: { kind: 'matches', count: 2, truncated: false } })
    expect((await call('glob', { pattern: `${here().root}/**/*.ts` })).content).toBe('src/a.ts')
    expect((await call('search_text', { pattern: 'x', path: 'src' })).content).toBe('src/a.ts:1:const x = 1')
    expect((await call('search_text', { pattern: 'nothing' })).content).toBe('[No line matches]')
    expect(await failure(call('search_text', { pattern: '(' }))).toBe('INVALID_PARAMETERS: Bad pattern: regex parse error: unclosed group')
  })
})

describe('changing files', () => {
  test('preparing shows the change and does not make it', async () => {
    await put('a.txt', 'one\ntwo\n')
    const prepared = await prepare('edit_file', { path: './a.txt', old_text: 'two', new_text: '2' })
    expect(prepared).toMatchObject({ title: 'Edit a.txt at line 2', paths: ['a.txt'], preview: { kind: 'diff', path: 'a.txt', before: 'one\ntwo\n', after: 'one\n2\n', created: false } })
    expect(await get('a.txt')).toBe('one\ntwo\n')
    expect((await prepared.execute(here().context)).content).toBe('Edited a.txt: 1 replacement, first at line 2')
    expect(await get('a.txt')).toBe('one\n2\n')
  })

  test('writing creates with folders and replaces', async () => {
    expect((await call('write_file', { path: 'new/a.txt', content: 'é\n' })).content).toBe('Created new/a.txt (1 line, 3 bytes)')
    expect((await call('write_file', { path: 'new/a.txt', content: '' })).content).toBe('Replaced new/a.txt (0 lines, 0 bytes)')
    await writeFile(join(here().root, 'binary'), Buffer.from([0, 1, 2]))
    expect(await prepare('write_file', { path: 'binary', content: 'x' })).toMatchObject({ preview: { before: '[binary is not a text file (binary, or not UTF-8)]' } })
    expect(await failure(call('write_file', { path: 'huge', content: 'é'.repeat(6 * 1024 * 1024) }))).toMatch(/^FILE_TOO_LARGE/)
  })

  test('the preview of a long file is the part that changes', async () => {
    await put('long.txt', `${'same line\n'.repeat(50_000)}old\n${'same line\n'.repeat(50_000)}`)
    const { preview } = await prepare('edit_file', { path: 'long.txt', old_text: 'old', new_text: 'new' })
    if (preview?.kind !== 'diff') throw new Error('no diff')
    expect([preview.before.length < 10_000, preview.before.includes('\nold\n'), preview.after.includes('\nnew\n')]).toEqual([true, true, true])
  })

  test('an edit that does not fit changes nothing and says why', async () => {
    await put('a.txt', 'x\nx\n')
    expect(await failure(call('edit_file', { path: 'a.txt', old_text: 'x', new_text: 'y' }))).toBe('INVALID_PARAMETERS: old_text occurs 2 times in a.txt (lines 1, 2); nothing was changed. Add lines around it to make it unique, or set replace_all')
    expect(await failure(call('edit_file', { path: 'a.txt', old_text: 'z', new_text: 'y' }))).toBe('INVALID_PARAMETERS: old_text is not in a.txt; nothing was changed. Read the file again')
    expect(await failure(call('edit_file', { path: 'a.txt', old_text: 'x', new_text: 'x' }))).toMatch(/^INVALID_PARAMETERS/)
    expect(await get('a.txt')).toBe('x\nx\n')
  })

  test.each([
    ['write_file', { path: 'a.txt', content: 'mine' }], ['write_file', { path: 'b.txt', content: 'mine' }], ['edit_file', { path: 'a.txt', old_text: 'one', new_text: 'mine' }],
    ['move_file', { from: 'a.txt', to: 'c.txt' }], ['delete_file', { path: 'a.txt' }],
  ])('%s %o is not done when the file changed after it was approved', async (name, input) => {
    await put('a.txt', 'one')
    const prepared = await prepare(name, input)
    await put('a.txt', 'one, theirs')
    await put('b.txt', 'theirs')
    expect(await failure(prepared.execute(here().context))).toMatch(/^FILE_CHANGED: /)
    expect([await get('a.txt'), await get('b.txt'), await readdir(here().root), here().binned]).toEqual(['one, theirs', 'theirs', ['a.txt', 'b.txt'], []])
  })

  test.each([
    ['write_file', { path: 'docs/new', content: 'x' }], ['edit_file', { path: 'docs/a.txt', old_text: 'one', new_text: 'x' }],
    ['move_file', { from: 'b.txt', to: 'docs/new' }], ['move_file', { from: 'docs/a.txt', to: 'c.txt' }], ['delete_file', { path: 'docs/a.txt' }],
  ])('%s %o is not done when its path leads elsewhere in the workspace since it was approved', async (name, input) => {
    await put('docs/a.txt', 'one')
    await put('.git/hooks/a.txt', 'one')
    await put('b.txt', 'b')
    const prepared = await prepare(name, input)
    await rm(join(here().root, 'docs'), { recursive: true })
    await symlink('.git/hooks', join(here().root, 'docs'))
    expect(await failure(prepared.execute(here().context))).toMatch(/^FILE_CHANGED: docs\/\w.* leads elsewhere/)
    expect([await readdir(join(here().root, '.git/hooks')), await get('.git/hooks/a.txt'), await get('b.txt')]).toEqual([['a.txt'], 'one', 'b'])
  })

  test('moves, and never onto something', async () => {
    await put('a.txt', '1')
    await put('dir/b.txt', '2')
    expect(await failure(call('move_file', { from: 'a.txt', to: 'dir' }))).toBe('CONFLICT: dir is a folder that exists; give the full new path, for instance dir/a.txt')
    expect(await failure(call('move_file', { from: 'a.txt', to: 'dir/b.txt' }))).toMatch(/^CONFLICT/)
    expect(await call('move_file', { from: 'a.txt', to: 'x/c.txt' })).toEqual({ content: 'Moved a.txt to x/c.txt', details: { kind: 'move', from: 'a.txt', to: 'x/c.txt' } })
  })

  test('deletes into the bin, a link as a link', async () => {
    await put('a/b.txt', '12345')
    await symlink('a/b.txt', join(here().root, 'link'))
    await call('delete_file', { path: 'link' })
    expect(await get('a/b.txt')).toBe('12345')
    const { details } = await call('delete_file', { path: 'a' })
    if (details?.kind !== 'bin') throw new Error('no bin')
    expect(here().binned.at(-1)).toEqual({ id: details.binId, workspaceId: 'workspace-1', path: 'a', bytes: 5, deletedAt: 5_000 })
    await here().context.folder.restoreFromBin(details.binId, 'a')
    expect(await get('a/b.txt')).toBe('12345')
  })

  test.each([
    ['write_file', { path: 'a.txt', content: 'mine' }], ['write_file', { path: 'new/b.txt', content: 'mine' }], ['edit_file', { path: 'a.txt', old_text: 'one', new_text: 'mine' }],
    ['move_file', { from: 'a.txt', to: 'c.txt' }], ['delete_file', { path: 'a.txt' }], ['delete_file', { path: 'dir' }],
  ])('%s %o can be judged after a crash, from what was recorded', async (name, input) => {
    await put('a.txt', 'one')
    await put('dir/x', 'one')
    const prepared = await prepare(name, input)
    const recorded: unknown = JSON.parse(JSON.stringify(prepared.fingerprint))
    const judge = () => toolNamed(name).reconcile?.(recorded, here().context)
    expect(await judge()).toBe('not_done')
    await prepared.execute(here().context)
    expect(await judge()).toBe('done')
    await put(prepared.paths[0] ?? '', 'someone else')
    expect(await judge()).toBe('unknown')
    expect(await toolNamed(name).reconcile?.({ other: 1 }, here().context)).toBe('unknown')
  })

  test('a deletion that was cut off before its row gets the row when it is judged', async () => {
    await put('a.txt', 'one')
    const { fingerprint, preview } = await prepare('delete_file', { path: 'a.txt' })
    if (preview?.kind !== 'bin') throw new Error('no bin')
    await here().context.folder.moveToBin('a.txt', preview.binId)
    for (let twice = 0; twice < 2; twice++) expect(await toolNamed('delete_file').reconcile?.(fingerprint, here().context)).toBe('done')
    expect(here().binned.map((item) => [item.id, item.path])).toEqual([[preview.binId, 'a.txt']])
  })

  test('a workspace that went away is unknown, not undone', async () => {
    await put('a.txt', 'one')
    const { fingerprint } = await prepare('write_file', { path: 'a.txt', content: 'two' })
    await rm(here().root, { recursive: true })
    expect(await toolNamed('write_file').reconcile?.(fingerprint, here().context)).toBe('unknown')
  })
})

describe('commands', () => {
  test('run in the workspace, stream, and end with their exit code', async () => {
    expect(await call('run_command', { command: 'pwd; printf "\\033[31mred\\033[0m\\n10%%\\r100%%\\n"; exit 3' })).toEqual({
      content: `${here().root}\nred\n100%\n[exit code 3]`, isError: true,
      details: { kind: 'command', command: 'pwd; printf "\\033[31mred\\033[0m\\n10%%\\r100%%\\n"; exit 3', exitCode: 3, signal: null, confinement: { sandboxed: false, hosts: [], why: 'There is no sandbox here.' }, output: expect.stringContaining('\u001b[31mred\u001b[0m\n10%\r100%') },
    })
    expect(here().streamed.join('')).toContain('\u001b[31mred')
    expect(await call('run_command', { command: 'true' })).toMatchObject({ content: '[exit code 0]', isError: false })
  })

  test('long output is shown by its ends and stored whole', async () => {
    const result = await call('run_command', { command: 'seq 1 20000' })
    const all = Array.from({ length: 20_000 }, (_, index) => `${index + 1}\n`).join('')
    expect(result.content.length).toBeLessThan(31_000)
    expect(result.content).toMatch(/^1\n2\n[\s\S]*\n\[… \d+ characters left out\. .*\]\n[\s\S]*\n20000\n\[exit code 0\]$/)
    expect(result.artifact?.bytes).toBe(all.length)
    expect((await here().context.artifacts.read(result.artifact?.id ?? '', 0, 1_000_000)).text).toBe(all)
  })

  test('time, cancellation and a workspace that is gone are said in words', async () => {
    const commands = { ...here().context.commands, run: () => Promise.resolve({ exitCode: null, signal: 'SIGTERM', ended: 'timeout' as const, confined: null }) }
    expect((await call('run_command', { command: 'sleep 9', timeout_ms: 50 }, { commands })).content).toMatch(/^\[ended after 50 ms: time is up/)
    const onOutput = () => here().controller.abort()
    expect(await call('run_command', { command: 'echo x; sleep 100' }, { onOutput })).toMatchObject({ content: 'x\n[cancelled before it ended]', isError: true })
    await rm(here().root, { recursive: true })
    expect(await failure(call('run_command', { command: 'true' }, { signal: new AbortController().signal }))).toMatch(/^WORKSPACE_UNAVAILABLE/)
  })
})

test('a question waits with its choices and gives the answer back', async () => {
  const input = { question: 'Which?', options: ['a', 'b', 'a'] }
  expect(await prepare('ask_user', input)).toMatchObject({ title: 'Which?', question: { text: 'Which?', choices: ['a', 'b'] } })
  expect(await call('ask_user', input, { answer: 'b' })).toEqual({ content: 'b' })
  expect(await call('ask_user', input)).toEqual({ content: 'The person gave no answer.', isError: true })
})
