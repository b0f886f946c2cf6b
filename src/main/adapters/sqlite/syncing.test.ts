import { mkdtempSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openConnection } from './connection'
import { migrate } from './migrate'
import { migrations } from './migrations'
import { createLogFlush } from './log-flush'
import { createSyncing } from './syncing'

function open() {
  const folder = mkdtempSync(join(tmpdir(), 'trestle-syncing-'))
  const db = openConnection(join(folder, 'a.db'))
  migrate(db, migrations, { at: 1, appVersion: '1.0.0' })
  db.exec('CREATE TABLE t (a)')
  onTestFinished(() => {
    db.close()
    rmSync(folder, { recursive: true })
  })
  const insert = db.prepare('INSERT INTO t VALUES (?)')
  return {
    db, syncing: createSyncing(db),
    add: (value: number) => () => void insert.run(value),
    values: () => db.prepare('SELECT a FROM t').pluck().all(),
    logPath: join(folder, 'a.db-wal'),
    logBytes: () => statSync(join(folder, 'a.db-wal')).size,
  }
}

it('waits for the disk by default, and not for what may get there later', () => {
  const { db, syncing, add, values } = open()
  const modes: unknown[] = []
  const work = (value: number) => () => {
    modes.push(db.pragma('synchronous', { simple: true }))
    add(value)()
  }
  syncing.transaction(work(1), 'disk')
  syncing.transaction(work(2), 'later')
  syncing.transaction(work(3), 'disk')
  const [NORMAL, FULL] = [1, 2]
  expect([modes, values(), db.pragma('synchronous', { simple: true })]).toEqual([[FULL, NORMAL, FULL], [1, 2, 3], FULL])
})

it('catches up by writing to the log, which alone makes SQLite wait for the disk, and only when there is something to catch up with', () => {
  const { syncing, add, logBytes } = open()
  syncing.transaction(add(1), 'later')
  const before = logBytes()
  syncing.sync()
  const after = logBytes()
  syncing.sync()
  expect([after > before, logBytes()]).toEqual([true, after])

  syncing.transaction(add(2), 'later')
  const waiting = logBytes()
  syncing.transaction(() => {}, 'disk')
  expect(logBytes()).toBeGreaterThan(waiting)
})

it('catches up by itself without a transaction of its own, and then says so', async () => {
  const { syncing, add, logBytes } = open()
  syncing.transaction(add(1), 'later')
  const before = logBytes()
  await Promise.all([new Promise<void>((done) => syncing.soon(done)), new Promise<void>((done) => syncing.soon(done))])
  syncing.sync()
  expect(logBytes()).toBe(before)
})

it('says of a commit only when that one is on disk, in order, and at once when a transaction that waits brings it there', async () => {
  const { syncing, add } = open()
  const said: string[] = []
  syncing.transaction(add(1), 'later')
  const first = new Promise<void>((done) => syncing.soon(() => {
    said.push('first')
    done()
  }))
  syncing.transaction(add(2), 'later')
  syncing.soon(() => said.push('second'))
  syncing.transaction(add(3), 'disk')
  expect(said).toEqual(['first', 'second'])
  syncing.transaction(add(4), 'later')
  const third = new Promise<void>((done) => syncing.soon(done))
  await Promise.all([first, third])
})

it('leaves it to SQLite when the log cannot be opened', async () => {
  const { syncing, add, logBytes, logPath } = open()
  syncing.transaction(add(1), 'later')
  const before = logBytes()
  renameSync(logPath, `${logPath}.away`)
  const said = new Promise<void>((done) => syncing.soon(done))
  await said.finally(() => renameSync(`${logPath}.away`, logPath))
  expect(logBytes()).toBeGreaterThan(before)
})

it('lets go of the log when it stops in the middle', async () => {
  const { db } = open()
  const log = createLogFlush(db)
  const flushed = log.flush()
  log.close()
  await flushed
  await expect(log.flush()).rejects.toThrow('closed')
})

it('leaves nothing of a transaction that failed, and is strict again after it', () => {
  const { db, syncing, add, values } = open()
  expect(() => syncing.transaction(() => {
    add(1)()
    throw new Error('no')
  }, 'later')).toThrow('no')
  expect([values(), db.pragma('synchronous', { simple: true })]).toEqual([[], 2])
})

it('joins the transaction around it', () => {
  const { syncing, add, values } = open()
  expect(() => syncing.transaction(() => {
    syncing.transaction(add(1), 'later')
    throw new Error('no')
  }, 'disk')).toThrow('no')
  expect(values()).toEqual([])
})
