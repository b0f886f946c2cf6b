import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { startWorkbench, type Workbench, type WorkbenchScript } from '../../testing/workbench'

const open: Workbench[] = []
afterEach(async () => { for (const bench of open.splice(0)) await bench.close() })

async function start(script: WorkbenchScript, files: Readonly<Record<string, string>> = {}): Promise<Workbench> {
  const bench = await startWorkbench(script)
  open.push(bench)
  for (const [path, text] of Object.entries(files)) writeFileSync(join(bench.folder, path), text)
  return bench
}

const write = (path: string, content: string) => ({ toolCalls: [{ name: 'write_file', arguments: { path, content } }] })
const done = { text: 'Done.' }
const read = (bench: Workbench, path: string) => readFileSync(join(bench.folder, path), 'utf8')
const lines = Array.from({ length: 30 }, (_, index) => `line ${index}\n`)
const changed = lines.map((line, index) => (index === 2 || index === 25 ? `changed ${line}` : line))
const onlyFirst = lines.map((line, index) => (index === 2 ? `changed ${line}` : line)).join('')
const onlySecond = lines.map((line, index) => (index === 25 ? `changed ${line}` : line)).join('')

describe('an undo', () => {
  it('is told by the checkpoint before it, and its redo takes back the undo alone', async () => {
    const bench = await start([write('a.txt', 'agent\n'), done], { 'a.txt': 'mine\n' })
    const runId = await bench.turn('write')
    const undone = await bench.client.checkpoints.undo({ target: { runId } })
    expect(read(bench, 'a.txt')).toBe('mine\n')
    const [before] = await bench.checkpoints()
    expect(before).toMatchObject({ id: undone.redoCheckpointId, kind: 'before_restore', restore: { id: undone.restoreId, checkpointId: null, undo: { runId }, changes: 1 } })

    writeFileSync(join(bench.folder, 'later.txt'), 'later\n')
    const redone = await bench.client.checkpoints.undo({ target: { restoreId: undone.restoreId } })
    expect(redone).toMatchObject({ written: 1, deleted: 0, kept: [] })
    expect([read(bench, 'a.txt'), read(bench, 'later.txt')]).toEqual(['agent\n', 'later\n'])
    await bench.client.checkpoints.undo({ target: { runId } })
    expect(read(bench, 'a.txt')).toBe('mine\n')
  })

  it('keeps what was changed since, and takes it where that is chosen', async () => {
    const bench = await start([write('a.txt', 'agent\n'), done], { 'a.txt': 'mine\n' })
    const runId = await bench.turn('write')
    const { restoreId } = await bench.client.checkpoints.undo({ target: { runId } })
    writeFileSync(join(bench.folder, 'a.txt'), 'mine again\n')
    expect(await bench.client.checkpoints.undo({ target: { restoreId } })).toMatchObject({ written: 0, kept: ['a.txt'] })
    expect(read(bench, 'a.txt')).toBe('mine again\n')
    await bench.client.checkpoints.undo({ target: { restoreId }, conflicts: { 'a.txt': 'restore' } })
    expect(read(bench, 'a.txt')).toBe('agent\n')
  })

  it('takes single hunks, by the ids that its file gives', async () => {
    const bench = await start([write('long.txt', changed.join('')), done], { 'long.txt': lines.join('') })
    const runId = await bench.turn('write')
    const file = await bench.client.checkpoints.undoFileDiff({ target: { runId }, path: 'long.txt' })
    expect(file).toMatchObject({ beforeText: changed.join(''), afterText: lines.join(''), change: 'changed' })
    await bench.client.checkpoints.undo({ target: { runId }, hunks: { 'long.txt': [file.hunks[1]?.id ?? ''] } })
    expect(read(bench, 'long.txt')).toBe(onlyFirst)
    await expect(bench.client.checkpoints.undoFileDiff({ target: { runId }, path: 'none.txt' })).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' })
  })
})

describe('a scratch copy', () => {
  const branched = async (script: WorkbenchScript, files: Readonly<Record<string, string>>) => {
    const bench = await start(script, files)
    await bench.turn('here')
    const first = (await bench.checkpoints()).at(-1)?.id ?? ''
    const { branch } = await bench.client.checkpoints.branch({ id: first, where: 'scratch', name: 'other way', mode: 'auto-edit' })
    await bench.turn('there', branch.sessionId)
    return { bench, branch }
  }

  it('knows from both its sessions where it belongs', async () => {
    const { bench, branch } = await branched([write('a.txt', 'here\n'), done, write('a.txt', 'there\n'), done], { 'a.txt': 'start\n' })
    const list = async (id: string) => (await bench.client.branches.list({ id })).items.map((item) => item.id)
    expect([await list(bench.session.id), await list(branch.sessionId)]).toEqual([[branch.id], [branch.id]])
  })

  it('is compared file by file, with who wrote it', async () => {
    const { bench, branch } = await branched([write('a.txt', 'here\n'), done, write('a.txt', 'there\n'), done], { 'a.txt': 'start\n' })
    const { files } = await bench.client.branches.compare({ id: branch.id, other: 'origin' })
    expect(files.items.map(({ path, authors }) => [path, authors.map(({ kind, sessionId }) => [kind, sessionId])])).toEqual([
      ['a.txt', [['agent', bench.session.id], ['agent', branch.sessionId]]],
    ])
    const file = await bench.client.branches.compareFile({ id: branch.id, other: 'origin', path: 'a.txt' })
    expect(file).toMatchObject({ beforeText: 'there\n', afterText: 'here\n', lines: { added: 1, removed: 1 } })
  })

  it('is brought home by the hunk', async () => {
    const { bench, branch } = await branched([write('x.txt', 'x\n'), done, write('long.txt', changed.join('')), done], { 'long.txt': lines.join('') })
    const { hunks } = await bench.client.branches.previewFile({ id: branch.id, path: 'long.txt' })
    await bench.client.branches.bringHome({ id: branch.id, hunks: { 'long.txt': [hunks[1]?.id ?? ''] } })
    expect(read(bench, 'long.txt')).toBe(onlySecond)
  })

  it('has a way home when the session that it was made from is deleted for good', async () => {
    const { bench, branch } = await branched([write('a.txt', 'here\n'), done, write('b.txt', 'there\n'), done], { 'a.txt': 'start\n' })
    await bench.client.sessions.remove({ id: bench.session.id })
    const [moved] = (await bench.client.branches.list({ id: branch.sessionId })).items
    expect(moved).toMatchObject({ id: branch.id, sessionId: branch.sessionId })
    expect(await bench.client.sessions.get({ id: moved?.originSessionId ?? '' })).toMatchObject({ workspaceId: bench.session.workspaceId })
    expect((await bench.client.branches.preview({ id: branch.id })).files?.items.map(({ path, action }) => [path, action])).toEqual([['b.txt', 'create']])
    const { redoCheckpointId } = await bench.client.branches.bringHome({ id: branch.id })
    expect(read(bench, 'b.txt')).toBe('there\n')
    await bench.client.checkpoints.restore({ id: redoCheckpointId, parts: ['files'] })
    expect(existsSync(join(bench.folder, 'b.txt'))).toBe(false)
  })

  it('goes with its session: the branch, the copy of the folder, and the shells in it', async () => {
    const { bench, branch } = await branched([write('a.txt', 'here\n'), done, write('a.txt', 'there\n'), done], { 'a.txt': 'start\n' })
    expect(existsSync(join(bench.home, 'scratch', branch.id, 'a.txt'))).toBe(true)
    const workspaceId = branch.workspaceId ?? ''
    await bench.client.workspaces.trust({ id: workspaceId, trusted: true })
    await bench.client.terminals.create({ id: workspaceId, columns: 80, rows: 24 })
    await bench.client.sessions.remove({ id: branch.sessionId })
    expect((await bench.client.terminals.list({ id: workspaceId })).items).toEqual([])
    expect(existsSync(join(bench.home, 'scratch', branch.id))).toBe(false)
    expect((await bench.client.branches.list({ id: bench.session.id })).items).toEqual([])
    await bench.until((event) => event.topic === 'branch.removed' && event.payload.branchId === branch.id)
  })
})

it('a scratch copy stays when another session was opened in it', async () => {
  const bench = await start([write('a.txt', 'here\n'), done], { 'a.txt': 'start\n' })
  await bench.turn('here')
  const { branch } = await bench.client.checkpoints.branch({ id: (await bench.checkpoints()).at(-1)?.id ?? '', where: 'scratch' })
  await bench.client.sessions.create({ workspaceId: branch.workspaceId })
  await bench.client.branches.remove({ id: branch.id })
  expect((await bench.client.branches.list({ id: bench.session.id })).items).toEqual([])
  expect(readFileSync(join(bench.home, 'scratch', branch.id, 'a.txt'), 'utf8')).toBe('start\n')
})

describe('the storage page', () => {
  it('lists what is pinned over all sessions, until it is unpinned', async () => {
    const bench = await start([])
    const other = await bench.client.sessions.create({ workspaceId: bench.workspace.id })
    const one = await bench.client.checkpoints.create({ id: bench.session.id, name: 'one' })
    const two = await bench.client.checkpoints.create({ id: other.id, name: 'two' })
    await bench.client.checkpoints.create({ id: other.id, name: 'three', pinned: false })
    const page = await bench.client.storage.pins({ limit: 1 })
    expect(page.items).toMatchObject([{ id: two.id, title: 'two', sessionTitle: other.title, workspaceName: bench.workspace.name, files: 'kept' }])
    const rest = await bench.client.storage.pins({ limit: 1, cursor: page.nextCursor ?? '' })
    expect([rest.items.map(({ id }) => id), rest.nextCursor]).toEqual([[one.id], null])
    await bench.client.checkpoints.patch({ id: two.id, pinned: false })
    expect((await bench.client.storage.pins({ limit: 10 })).items.map(({ id }) => id)).toEqual([one.id])
  })

  it('counts contents as a verify does', async () => {
    const bench = await start([write('a.txt', 'agent\n'), done], { 'b.txt': 'b\n', 'c.txt': 'c\n' })
    await bench.turn('write')
    await bench.client.storage.verify({})
    await bench.until((event) => event.topic === 'storage.update' && event.payload.job.state === 'completed')
    const { objects, lastJobs } = await bench.client.storage.get({})
    expect(objects).toBeGreaterThan(4)
    expect(lastJobs).toMatchObject([{ kind: 'verify', done: objects, total: objects, damaged: [] }])
  })
})
