import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { startWorkbench, shell, treeOf, type Workbench, type WorkbenchScript } from '../../testing/workbench'

const open: Workbench[] = []
afterEach(async () => { for (const bench of open.splice(0)) await bench.close() })

async function start(script: WorkbenchScript, files: Readonly<Record<string, string>> = {}): Promise<Workbench> {
  const bench = await startWorkbench(script)
  open.push(bench)
  for (const [path, text] of Object.entries(files)) {
    shell(bench.folder, `mkdir -p "$(dirname "${path}")"`)
    writeFileSync(join(bench.folder, path), text)
  }
  return bench
}

const write = (path: string, content: string) => ({ toolCalls: [{ name: 'write_file', arguments: { path, content } }] })
const run = (command: string) => ({ toolCalls: [{ name: 'run_command', arguments: { command } }] })
const done = { text: 'Done.' }
const kinds = (items: readonly { readonly kind: string; readonly title: string }[]) => items.map(({ kind, title }) => `${kind}: ${title}`).reverse()
const read = (bench: Workbench, path: string) => readFileSync(join(bench.folder, path), 'utf8')

describe('checkpoints of turns', () => {
  it('has one before and after a turn that changed files, one before a command that did, and none of what touched nothing', async () => {
    const bench = await start([write('a.txt', 'one\n'), run('echo two > b.txt'), run('cat a.txt'), done, { text: 'Only words.' }, run('true'), done], { 'kept.txt': 'kept\n' })
    const runId = await bench.turn('change two files')
    await bench.turn('say something')
    await bench.turn('run something')
    const items = await bench.checkpoints()
    expect(kinds(items)).toEqual(['before_turn: change two files', 'before_command: Run echo two > b.txt', 'after_turn: change two files'])
    expect(items.every((item) => item.runId === runId && item.files === 'kept')).toBe(true)
    expect(items[0]?.changes).toEqual({ files: 1, added: 1, removed: 0 })
    expect(items.map(({ parentId }) => parentId)).toEqual([items[1]?.id, items[2]?.id, null])
    expect(bench.logged).toEqual([['sandbox.off', { why: 'There is none in this test.' }]])
  })

  it('says who wrote each change, and what the command did', async () => {
    const bench = await start([write('tool.txt', 'tool\n'), run('echo shell > shell.txt'), done], { 'mine.txt': 'mine\n' })
    await bench.turn('work')
    writeFileSync(join(bench.folder, 'mine.txt'), 'mine, changed\n')
    const [, , before] = await bench.checkpoints()
    const diff = await bench.client.checkpoints.diff({ a: before?.id ?? '', b: 'now', limit: 100 })
    expect(diff.files.items.map(({ path, change, lines, authors }) => ({ path, change, lines, who: authors.map(({ kind, label, certain }) => [kind, label, certain]) }))).toEqual([
      { path: 'mine.txt', change: 'changed', lines: { added: 1, removed: 1 }, who: [['person', 'You or another program', true]] },
      { path: 'shell.txt', change: 'added', lines: { added: 1, removed: 0 }, who: [['command', 'Run echo shell > shell.txt', false]] },
      { path: 'tool.txt', change: 'added', lines: { added: 1, removed: 0 }, who: [['agent', 'Create tool.txt (1 line)', true]] },
    ])
    expect(diff.conversation.onlyTo.map(({ kind }) => kind)).toContain('user_message')
    const file = await bench.client.checkpoints.fileDiff({ a: before?.id ?? '', b: 'now', path: 'mine.txt' })
    expect(file).toMatchObject({ beforeText: 'mine\n', afterText: 'mine, changed\n', omitted: null })
    expect(file.hunks[0]?.lines).toEqual([{ kind: 'removed', text: 'mine' }, { kind: 'added', text: 'mine, changed' }])
  })
})

describe('a restore', () => {
  it('brings files and conversation back, gives the prompt, and the redo checkpoint brings back the state before', async () => {
    const bench = await start([write('a.txt', 'changed\n'), run('mkdir -p deep/er && echo x > deep/er/x && rm gone.txt && ln -s a.txt link && chmod 700 mode.sh'), done], {
      'a.txt': 'original\n', 'gone.txt': 'here\n', 'mode.sh': '#!/bin/sh\n',
    })
    const before = treeOf(bench.folder)
    await bench.turn('do it')
    const after = treeOf(bench.folder)
    const [, , first] = await bench.checkpoints()
    const preview = await bench.client.checkpoints.preview({ id: first?.id ?? '' })
    expect(preview.files).toMatchObject({ writes: 3, deletes: 2, conflicts: 0, damaged: 0 })
    expect(preview.conversation).toEqual({ entryId: null, leaves: 7, prompt: 'do it' })
    expect(treeOf(bench.folder)).toEqual(after)

    const result = await bench.client.checkpoints.restore({ id: first?.id ?? '' })
    expect(result).toMatchObject({ restoredCheckpointId: first?.id, written: 3, deleted: 2, kept: [], failed: [], prompt: 'do it' })
    expect(treeOf(bench.folder)).toEqual(before)
    expect((await bench.client.sessions.entries({ id: bench.session.id })).items).toEqual([])
    expect((await bench.client.checkpoints.list({ id: bench.session.id })).currentId).toBe(first?.id)

    await bench.client.checkpoints.restore({ id: result.redoCheckpointId })
    expect(treeOf(bench.folder)).toEqual(after)
    expect((await bench.client.sessions.entries({ id: bench.session.id })).items).toHaveLength(7)
  })

  it('keeps what someone else changed since unless the person chooses otherwise', async () => {
    const bench = await start([write('agent.txt', 'agent\n'), write('both.txt', 'agent\n'), done], { 'both.txt': 'start\n', 'mine.txt': 'start\n' })
    await bench.turn('work')
    writeFileSync(join(bench.folder, 'both.txt'), 'agent\nand me\n')
    writeFileSync(join(bench.folder, 'mine.txt'), 'all mine\n')
    const first = (await bench.checkpoints()).at(-1)
    const preview = await bench.client.checkpoints.preview({ id: first?.id ?? '', parts: ['files'] })
    expect(preview.files?.items.map(({ path, conflict }) => [path, conflict?.reason ?? null, conflict?.choice ?? null])).toEqual([
      ['agent.txt', null, null], ['both.txt', 'changed_since', 'keep'], ['mine.txt', 'changed_since', 'keep'],
    ])
    const result = await bench.client.checkpoints.restore({ id: first?.id ?? '', parts: ['files'], conflicts: { 'both.txt': 'restore' } })
    expect(result).toMatchObject({ written: 1, deleted: 1, kept: ['mine.txt'] })
    expect([read(bench, 'both.txt'), read(bench, 'mine.txt'), existsSync(join(bench.folder, 'agent.txt'))]).toEqual(['start\n', 'all mine\n', false])
    await bench.client.checkpoints.restore({ id: result.redoCheckpointId, parts: ['files'] })
    expect(read(bench, 'both.txt')).toBe('agent\nand me\n')
  })

  it('takes single paths and single hunks', async () => {
    const lines = Array.from({ length: 30 }, (_, index) => `line ${index}\n`)
    const changed = lines.map((line, index) => (index === 2 || index === 25 ? `changed ${line}` : line))
    const bench = await start([write('long.txt', changed.join('')), write('other.txt', 'new\n'), done], { 'long.txt': lines.join(''), 'other.txt': 'old\n' })
    await bench.turn('work')
    const first = (await bench.checkpoints()).at(-1)?.id ?? ''
    const { hunks } = await bench.client.checkpoints.fileDiff({ a: 'now', b: first, path: 'long.txt' })
    expect(hunks).toHaveLength(2)
    await bench.client.checkpoints.restore({ id: first, parts: ['files'], paths: ['long.txt'], hunks: { 'long.txt': [hunks[0]?.id ?? ''] } })
    expect(read(bench, 'long.txt')).toBe(lines.map((line, index) => (index === 25 ? `changed ${line}` : line)).join(''))
    expect(read(bench, 'other.txt')).toBe('new\n')
  })

  it('undoes one command or one turn and leaves what came later', async () => {
    const bench = await start([run('echo bad > a.txt; echo new > b.txt'), write('c.txt', 'good\n'), done, write('d.txt', 'second\n'), done], { 'a.txt': 'good\n' })
    const first = await bench.turn('first')
    const second = await bench.turn('second')
    const command = (await bench.checkpoints()).find(({ kind }) => kind === 'before_command')
    const undo = await bench.client.checkpoints.undo({ target: { stepId: command?.stepId ?? '' } })
    expect(undo).toMatchObject({ written: 1, deleted: 1, kept: [] })
    expect([read(bench, 'a.txt'), existsSync(join(bench.folder, 'b.txt')), read(bench, 'c.txt'), read(bench, 'd.txt')]).toEqual(['good\n', false, 'good\n', 'second\n'])
    writeFileSync(join(bench.folder, 'd.txt'), 'second, and mine\n')
    expect(await bench.client.checkpoints.undo({ target: { runId: second } })).toMatchObject({ written: 0, deleted: 0, kept: ['d.txt'] })
    expect(await bench.client.checkpoints.undo({ target: { runId: first } })).toMatchObject({ deleted: 1 })
    expect(existsSync(join(bench.folder, 'c.txt'))).toBe(false)
  })
})

describe('a branch', () => {
  it('works in a copy of the folder, is compared with its origin, and its changes come home', async () => {
    const bench = await start(({ messages }) => {
      const asked = messages.filter(({ role }) => role === 'user').at(-1)
      const answered = messages.at(-1)?.role === 'tool'
      const text = asked && 'text' in asked ? asked.text : ''
      return answered ? { text: `Did ${text}.` } : write(text.includes('other') ? 'other.txt' : 'first.txt', `${text}\n`)
    }, { 'base.txt': 'base\n' })
    await bench.turn('the first way')
    const first = (await bench.checkpoints()).at(-1)?.id ?? ''
    const { branch, prompt, runId } = await bench.client.checkpoints.branch({ id: first, where: 'scratch', name: 'Try', text: 'the other way' })
    expect(prompt).toBe('the first way')
    await bench.until((event) => event.topic === 'run.update' && event.payload.run.id === runId && event.payload.run.endedAt !== null)
    await bench.runtime.settled()
    const copy = await bench.client.workspaces.get({ id: branch.workspaceId ?? '' })
    expect(treeOf(copy.path)).toEqual({ 'base.txt': '644 base\n', 'other.txt': '644 the other way\n' })
    const compared = await bench.client.branches.compare({ id: branch.id, other: 'origin' })
    expect([compared.left.answer, compared.right.answer]).toEqual(['Did the other way.', 'Did the first way.'])
    expect(compared.files.items.map(({ path, change }) => [path, change])).toEqual([['first.txt', 'added'], ['other.txt', 'removed']])
    const home = await bench.client.branches.bringHome({ id: branch.id })
    expect(home).toMatchObject({ written: 1, deleted: 0, kept: [] })
    expect(read(bench, 'other.txt')).toBe('the other way\n')
    await bench.client.branches.remove({ id: branch.id })
    expect(existsSync(copy.path)).toBe(false)
  })

  it('continues here on a head of its own', async () => {
    const bench = await start([write('a.txt', 'one\n'), done, write('a.txt', 'two\n'), done])
    await bench.turn('one')
    await bench.turn('two')
    const after = (await bench.checkpoints()).find(({ kind, title }) => kind === 'after_turn' && title === 'one')
    const { branch } = await bench.client.checkpoints.branch({ id: after?.id ?? '', where: 'here', mode: 'ask' })
    const session = await bench.client.sessions.get({ id: bench.session.id })
    expect([session.activeHeadId, session.heads.length, session.mode]).toEqual([branch.headId, 2, 'ask'])
    expect(read(bench, 'a.txt')).toBe('one\n')
  })
})

describe('the storage', () => {
  it('tells what it holds, prunes what may go, and names damage', async () => {
    const bench = await start([write('a.txt', 'one\n'), done])
    await bench.turn('one')
    const named = await bench.client.checkpoints.create({ id: bench.session.id, name: 'Keep this' })
    const storage = await bench.client.storage.get({})
    expect(storage).toMatchObject({ workspaces: [{ checkpoints: 3, pinned: 1 }], prunable: { checkpoints: 0 }, job: null })
    for (const kind of ['prune', 'compact', 'verify'] as const) {
      const job = await bench.client.storage[kind]({})
      await bench.until((event) => event.topic === 'storage.update' && event.payload.job.id === job.id && event.payload.job.endedAt !== null)
    }
    expect((await bench.client.storage.get({})).lastJobs.map(({ kind, state, damaged }) => [kind, state, damaged])).toEqual([
      ['compact', 'completed', []], ['prune', 'completed', []], ['verify', 'completed', []],
    ])
    rmSync(join(bench.folder, 'a.txt'))
    await bench.client.checkpoints.restore({ id: named.id, parts: ['files'], conflicts: { 'a.txt': 'restore' } })
    expect(read(bench, 'a.txt')).toBe('one\n')
  })
})
