import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync, closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync, writeSync,
} from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { beforeEach, describe, expect, it } from 'vitest'
import { createManualClock, type ManualClock } from '../../../testing/manual-clock'
import type { Store } from '#core/ports/store'
import { migrations } from './migrations'
import { createProfile, type Profile } from './testing/profile'
import { at, entrySample, eventSample, sessionSample } from './testing/samples'

const context = {} as { clock: ManualClock; profile: Profile }
beforeEach(() => {
  const clock = createManualClock(at)
  const profile = createProfile(clock)
  Object.assign(context, { clock, profile })
  return () => profile.remove()
})

const text = (length: number) => randomBytes(length / 2).toString('hex')

/** Entries `<prefix>0` to `<prefix>19`, about 100 kB in pages of their own. */
function fill(store: Store, prefix: string): void {
  const session = sessionSample(prefix, { head: { id: `${prefix}-head`, entryId: null, createdAt: at } })
  store.sessions.insert(session)
  for (let index = 0; index < 20; index += 1) {
    const entry = entrySample(`${prefix}${index}`, index === 0 ? null : `${prefix}${index - 1}`, { sessionId: prefix, payload: { kind: 'user_message', text: text(5000) } })
    store.journal.append(entry, `${prefix}-head`)
  }
}

/** A profile with one backup (sessions `old`) and something newer (`new`), closed. */
async function profileWithBackup(): Promise<{ readonly backedUpAt: number; readonly lastSeq: number }> {
  const { clock, profile } = context
  const opened = profile.open()
  fill(opened.store, 'old')
  opened.store.transaction(() => opened.store.events.append(eventSample(opened.store.events.nextSeq(), 'models.update', {})))
  const backedUpAt = clock.now()
  expect(await opened.backup.now()).toBeNull()
  clock.advance(3_600_000)
  fill(opened.store, 'new')
  const lastSeq = opened.store.events.nextSeq()
  await opened.close()
  return { backedUpAt, lastSeq }
}

const damages: readonly (readonly [string, (path: string) => void])[] = [
  ['garbage', (path) => writeFileSync(path, randomBytes(50_000))],
  ['text', (path) => writeFileSync(path, 'not a database')],
  ['a truncated file', (path) => truncateSync(path, Math.floor(statSync(path).size / 4096 / 2) * 4096)],
  ['a file cut in the middle of a page', (path) => truncateSync(path, statSync(path).size - 1000)],
  ['an empty file', (path) => truncateSync(path)],
  ['the first page alone', (path) => truncateSync(path, 4096)],
  ['a flipped header', (path) => flip(path, 16, 8)],
  ['a flipped schema', (path) => flip(path, 100, 2000)],
  ['flipped pages', (path) => flip(path, 4096 * 10, 4096 * 20)],
  ['one page of zeros', (path) => overwrite(path, 4096 * 15, Buffer.alloc(4096))],
  ['the database of another program', (path) => {
    rmSync(path)
    new Database(path).exec('CREATE TABLE bookmarks (url)').close()
  }],
]

function flip(path: string, offset: number, length: number): void {
  overwrite(path, offset, readFileSync(path).subarray(offset, offset + length).map((byte) => byte ^ 0xff))
}

function overwrite(path: string, offset: number, bytes: Uint8Array): void {
  const file = openSync(path, 'r+')
  writeSync(file, bytes, 0, bytes.length, offset)
  closeSync(file)
}

describe('a damaged database', () => {
  it.each(damages)('is put aside and the last backup is restored, with a notice: %s', async (_name, damage) => {
    const { profile, clock } = context
    const { backedUpAt, lastSeq } = await profileWithBackup()
    damage(profile.path)
    const damaged = readFileSync(profile.path)

    const { store, notices, close } = profile.open()
    const stamp = new Date(clock.now()).toISOString().replace(/[:.]/g, '-')
    expect(notices).toEqual([{
      id: expect.stringMatching(/^notice-/), level: 'warning',
      text: `The database of this profile was damaged. The damaged file is kept as quarantine/${stamp}-trestle.db in the profile folder. `
        + `Trestle restored the backup of ${new Date(backedUpAt).toISOString().slice(0, 16).replace('T', ' ')} (UTC); what came after it is not there any more.`,
    }])
    expect(store.notices.list()).toEqual(notices)
    expect(readFileSync(join(profile.folder, 'quarantine', `${stamp}-trestle.db`)).equals(damaged)).toBe(true)
    expect([store.journal.path('old19').length, store.sessions.get('new')]).toEqual([20, null])
    expect(readdirSync(profile.folder).filter((name) => name.includes('restoring'))).toEqual([])

    // Positions from before are unknown now, and their numbers are not used again.
    expect([store.events.readAfter(1, 10), store.events.readAfter(lastSeq, 10)]).toEqual([null, null])
    expect(store.events.nextSeq()).toBeGreaterThan(lastSeq)
    await close()
    expect(profile.open().notices).toEqual([])
  })

  it('is found when it was left behind by a crash, too', async () => {
    const { profile } = context
    await profileWithBackup()
    rmSync(`${profile.path}.clean`)
    flip(profile.path, 4096 * 10, 4096 * 20)
    writeFileSync(`${profile.path}-wal`, 'left over')
    expect(profile.open().notices).toHaveLength(1)
    expect(readdirSync(join(profile.folder, 'quarantine')).map((name) => name.slice(25))).toContain('trestle.db')
  })

  it('is replaced by the newest backup that is itself sound', async () => {
    const { profile, clock } = context
    const opened = profile.open()
    fill(opened.store, 'old')
    await opened.backup.now()
    clock.advance(60_000)
    fill(opened.store, 'new')
    await opened.backup.now()
    await opened.close()
    const [older, newest] = readdirSync(profile.backupFolder).sort().map((name) => join(profile.backupFolder, name))
    flip(newest ?? '', 4096 * 10, 4096 * 20)
    writeFileSync(profile.path, 'garbage')
    const { store, notices } = profile.open()
    expect(notices[0]?.text).toContain(`the backup of ${new Date(at).toISOString().slice(0, 16).replace('T', ' ')}`)
    expect([store.sessions.get('old') !== null, store.sessions.get('new')]).toEqual([true, null])
    expect([older, newest].map((path) => existsSync(path ?? ''))).toEqual([true, true])
  })

  it('is never silently empty: without a backup the start says so', async () => {
    const { profile } = context
    const opened = profile.open()
    fill(opened.store, 'old')
    await opened.close()
    writeFileSync(profile.path, 'garbage')
    const again = profile.open()
    expect(again.notices).toMatchObject([{ level: 'error', text: expect.stringContaining('There was no backup that could be used, so Trestle started empty.') }])
    expect(again.store.sessions.list({ archived: false, limit: 10 }).items).toEqual([])
    expect(readdirSync(join(profile.folder, 'quarantine'))).toHaveLength(1)
    expect(again.store.events.nextSeq()).toBeGreaterThanOrEqual(at)
  })

  it('is restored when it is missing although there are backups', async () => {
    const { profile } = context
    await profileWithBackup()
    rmSync(profile.path)
    writeFileSync(`${profile.path}.restoring`, 'what a crash in the middle of restoring left')
    const { store, notices } = profile.open()
    expect(notices[0]?.text).toMatch(/^The database of this profile was missing\. Trestle restored the backup of /)
    expect(store.journal.path('old19')).toHaveLength(20)
  })
})

describe('starting', () => {
  it('makes a new profile without a notice, readable by its owner only, and finds everything again', async () => {
    const { profile } = context
    rmSync(profile.folder, { recursive: true })
    const first = profile.open()
    fill(first.store, 'old')
    const before = [first.store.sessions.get('old'), first.store.journal.path('old19')]
    expect(first.notices).toEqual([])
    expect(statSync(profile.folder).mode & 0o777).toBe(0o700)
    await first.close()
    expect(readdirSync(profile.folder).sort()).toEqual(['profile.lock', 'trestle.db', 'trestle.db.clean'])
    const second = profile.open()
    expect([second.store.sessions.get('old'), second.store.journal.path('old19')]).toEqual(before)
  })

  it('reads the file through unless it is as an orderly stop left it', async () => {
    const { profile } = context
    await profileWithBackup()
    const reference = join(profile.folder, 'reference')
    execFileSync('touch', ['-r', profile.path, reference])
    // The same size and modification time as before: what cannot be set is the time of the last change of the file.
    flip(profile.path, 4096 * 60, 4096 * 10)
    execFileSync('touch', ['-r', reference, profile.path])
    expect(profile.open().notices).toHaveLength(1)
  })

  it('refuses a database of a newer version and leaves it as it is', async () => {
    const { profile } = context
    const next = { name: '9999-future', sql: 'CREATE TABLE future (id INTEGER PRIMARY KEY) STRICT' }
    await profile.open({ migrations: [...migrations, next] }).close()
    const before = [readFileSync(profile.path), readdirSync(profile.folder).sort()]
    expect(() => profile.open()).toThrow(expect.objectContaining({ code: 'DATABASE_NEWER' }))
    expect([readFileSync(profile.path), readdirSync(profile.folder).sort()]).toEqual(before)
  })

  it('backs up before a migration and can go back to that', async () => {
    const { profile, clock } = context
    const opened = profile.open()
    fill(opened.store, 'old')
    await opened.close()
    const next = { name: '9999-future', sql: 'DROP TABLE entries; CREATE TABLE future (id INTEGER PRIMARY KEY) STRICT' }
    clock.advance(1000)
    // The tables of the store no longer fit: what counts here is what was saved before.
    expect(() => profile.open({ migrations: [...migrations, next] })).toThrow()
    const name = `trestle-${new Date(clock.now()).toISOString().replace(/[:.]/g, '-')}-before-9999-future.db`
    expect(readdirSync(profile.backupFolder)).toEqual([name])
    rmSync(profile.path)
    rmSync(`${profile.path}-wal`, { force: true })
    expect(profile.open().store.journal.path('old19')).toHaveLength(20)
  })

  it('keeps the version before when a migration fails, without quarantine', async () => {
    const { profile } = context
    const opened = profile.open()
    fill(opened.store, 'old')
    await opened.close()
    expect(() => profile.open({ migrations: [...migrations, { name: '9999-broken', sql: 'DELETE FROM entries; SELECT nonsense' }] })).toThrow('nonsense')
    expect(existsSync(join(profile.folder, 'quarantine'))).toBe(false)
    expect(profile.open().store.journal.path('old19')).toHaveLength(20)
  })

  it.each(['trestle.db', 'profile.lock'])('says that it may not read %s, and puts nothing aside', async (name) => {
    const { profile } = context
    await profile.open().close()
    rmSync(join(profile.folder, 'profile.lock'))
    if (name === 'profile.lock') mkdirSync(join(profile.folder, name))
    else chmodSync(profile.path, 0o000)
    chmodSync(profile.folder, 0o777)
    asNobody(() => expect(() => profile.open()).toThrow(expect.objectContaining({ code: 'PERMISSION_DENIED' })))
    expect(existsSync(join(profile.folder, 'quarantine'))).toBe(false)
  })

  it('takes a profile whose lock file holds something else', () => {
    const { profile } = context
    writeFileSync(join(profile.folder, 'profile.lock'), randomBytes(3000))
    expect(profile.open().notices).toEqual([])
  })

  it('gives the profile back when it closes and when it cannot open', async () => {
    const { profile } = context
    const first = profile.open()
    expect(() => profile.open()).toThrow(expect.objectContaining({ code: 'PROFILE_IN_USE' }))
    await Promise.all([first.close(), first.close()])
    rmSync(profile.path)
    mkdirSync(profile.path)
    expect(() => profile.open()).toThrow(expect.objectContaining({ code: 'PERMISSION_DENIED' }))
    rmSync(profile.path, { recursive: true })
    expect(profile.open().notices).toEqual([])
  })
})

/** Root may read everything, so the tests step down where they run as root. */
function asNobody(work: () => void): void {
  const root = process.geteuid?.() === 0
  if (root) process.seteuid?.(65534)
  try {
    work()
  } finally {
    if (root) process.seteuid?.(0)
  }
}
