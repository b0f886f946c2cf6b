import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { beforeEach, expect, it, vi } from 'vitest'
import { createManualClock, type ManualClock } from '../../../testing/manual-clock'
import type { Notice } from '#contract/system'
import { backupPath, backupsToKeep, listBackups } from './backup-files'
import { createProfile, type Profile } from './testing/profile'
import { at, entrySample, sessionSample } from './testing/samples'

const MINUTE = 60_000
const context = {} as { clock: ManualClock; profile: Profile }
beforeEach(() => {
  const clock = createManualClock(at)
  const profile = createProfile(clock)
  Object.assign(context, { clock, profile })
  return () => profile.remove()
})

const times = () => listBackups(context.profile.backupFolder).map((backup) => backup.at).reverse()

it('makes a sound copy of everything while the store is written to', async () => {
  const { profile } = context
  const { store, backup } = profile.open()
  store.sessions.insert(sessionSample('s1'))
  // More than the copy takes in one piece.
  const long = { payload: { kind: 'user_message', text: 'x'.repeat(500_000) } } as const
  let written = 0
  while (written < 60) {
    store.journal.append(entrySample(`e${written}`, written === 0 ? null : `e${written - 1}`, long), 's1-head')
    written += 1
  }
  const made = backup.now()
  const ended = made.then(() => 'ended')
  while ((await Promise.race([ended, new Promise((resolve) => setImmediate(resolve))])) !== 'ended') {
    store.journal.append(entrySample(`e${written}`, `e${written - 1}`), 's1-head')
    written += 1
  }
  expect(await made).toBeNull()
  expect(readdirSync(profile.backupFolder)).toEqual(['trestle-2023-11-14T22-13-20-000Z.db'])
  const copy = new Database(join(profile.backupFolder, 'trestle-2023-11-14T22-13-20-000Z.db'), { readonly: true })
  expect(copy.pragma('integrity_check', { simple: true })).toBe('ok')
  const entries = Number(copy.prepare('SELECT count(*) FROM entries').pluck().get())
  expect(entries).toBeGreaterThanOrEqual(60)
  expect(copy.prepare('SELECT entry_id FROM heads').pluck().get()).toBe(`e${entries - 1}`)
  copy.close()
  expect(written).toBeGreaterThan(60)
})

it('backs up a minute after a start with something new, then every quarter of an hour in which something changed', async () => {
  const { profile, clock } = context
  const { store, backup } = profile.open()
  const stop = backup.start()
  const settled = (count: number) => vi.waitUntil(() => clock.pending === 1 && times().length === count)
  clock.advance(MINUTE)
  await settled(1)
  clock.advance(15 * MINUTE)
  await settled(1)
  store.sessions.insert(sessionSample('s1'))
  clock.advance(15 * MINUTE)
  await settled(2)
  expect(times()).toEqual([at + MINUTE, at + 31 * MINUTE])
  stop()
  expect(clock.pending).toBe(0)
})

it('waits a whole interval after a start when the newest backup has everything', async () => {
  const { profile, clock } = context
  const first = profile.open()
  await first.close()
  clock.advance(MINUTE)
  const second = profile.open()
  await second.backup.now()
  await second.close()
  const third = profile.open()
  third.store.sessions.insert(sessionSample('s1'))
  third.backup.start()
  clock.advance(14 * MINUTE)
  expect(times()).toEqual([at + MINUTE])
  clock.advance(MINUTE)
  await vi.waitUntil(() => times().length === 2)
})

it('joins a call during another, and keeps the latest four', async () => {
  const { profile, clock } = context
  const { backup } = profile.open()
  mkdirSync(profile.backupFolder)
  writeFileSync(join(profile.backupFolder, 'trestle-2023-01-01T00-00-00-000Z.db.tmp'), 'left by a crash')
  writeFileSync(join(profile.backupFolder, 'notes.txt'), 'of a person')
  for (let index = 0; index < 6; index += 1) {
    expect(await Promise.all([backup.now(), backup.now()])).toEqual([null, null])
    clock.advance(MINUTE)
  }
  expect(times()).toEqual([2, 3, 4, 5].map((index) => at + index * MINUTE))
  expect(readdirSync(profile.backupFolder)).toHaveLength(5)
  expect(existsSync(join(profile.backupFolder, 'notes.txt'))).toBe(true)
})

it('keeps the four latest, the newest of each of seven days, and two from before migrations', () => {
  const day = 24 * 60 * MINUTE
  const midnight = Math.ceil(at / day) * day
  const made = Array.from({ length: 120 }, (_, index) => ({ path: backupPath('b', midnight - index * day / 8, undefined), at: midnight - index * day / 8, beforeMigration: false }))
  const migrations = [1, 2, 3].map((age) => ({ path: `m${age}`, at: midnight - age * 30 * day, beforeMigration: true }))
  const kept = backupsToKeep([...made, ...migrations], midnight)
  const hours = kept.filter(({ beforeMigration }) => !beforeMigration).map((backup) => (midnight - backup.at) / (60 * MINUTE))
  expect(hours).toEqual([0, 3, 6, 9, 27, 51, 75, 99, 123, 147])
  expect(kept.filter(({ beforeMigration }) => beforeMigration).map(({ path }) => path)).toEqual(['m1', 'm2'])
})

it('tells once that backups fail, goes on, and tells again after one that worked', async () => {
  const { profile } = context
  const { store, backup, onDidNotice } = profile.open()
  const told: Notice[] = []
  onDidNotice(() => {
    throw new Error('a listener that fails')
  })
  onDidNotice((notice) => told.push(notice))
  writeFileSync(profile.backupFolder, 'a file where the folder should be')
  const failure = await backup.now()
  expect(failure).toMatchObject({ level: 'warning', text: expect.stringContaining('No backup of your data could be made. Your data itself is kept.') })
  await backup.now()
  expect([told, store.notices.list()]).toEqual([[failure], [failure]])
  rmSync(profile.backupFolder)
  expect(await backup.now()).toBeNull()
  rmSync(profile.backupFolder, { recursive: true })
  writeFileSync(profile.backupFolder, 'again')
  await backup.now()
  expect(told).toHaveLength(2)
  store.sessions.insert(sessionSample('s1'))
  expect(store.sessions.get('s1')).not.toBeNull()
})

it('does not take a damaged copy for a backup, says so, and has the next start look', async () => {
  const { profile, clock } = context
  const first = profile.open()
  first.store.sessions.insert(sessionSample('s1'))
  const long = { payload: { kind: 'user_message', text: 'x'.repeat(3000) } } as const
  for (let index = 0; index < 200; index += 1) first.store.journal.append(entrySample(`e${index}`, index === 0 ? null : `e${index - 1}`, long), 's1-head')
  await first.backup.now()
  await first.close()

  clock.advance(MINUTE)
  const second = profile.open()
  // Another process does it: closing a file here would give up the locks that SQLite holds in this process.
  execFileSync('dd', ['if=/dev/urandom', `of=${profile.path}`, 'bs=4096', 'seek=100', 'count=10', 'conv=notrunc'], { stdio: 'ignore' })
  expect(await second.backup.now()).toMatchObject({ text: expect.stringContaining('A part of the database is damaged') })
  expect(times()).toEqual([at])
  await second.close()
  const third = profile.open()
  expect(third.notices).toMatchObject([{ level: 'warning', text: expect.stringContaining('restored the backup') }])
  expect(third.store.journal.path('e199')).toHaveLength(200)
})

it('gives up the backup at work when the store closes, and leaves nothing of it', async () => {
  const { profile } = context
  const { store, backup, close } = profile.open()
  store.sessions.insert(sessionSample('s1'))
  const made = backup.now()
  await close()
  expect(await made).toBeNull()
  expect(readdirSync(profile.backupFolder).filter((name) => !name.endsWith('Z.db'))).toEqual([])
  expect(await backup.now()).toBeNull()
  expect(profile.open().store.sessions.get('s1')).not.toBeNull()
})
