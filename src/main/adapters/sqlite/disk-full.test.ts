import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { AppError } from '#core/errors'
import { openConnection } from './connection'
import { createStore } from './create-store'
import { migrate } from './migrate'
import { migrations } from './migrations'
import { mapSqliteError } from './sqlite-errors'
import { at, entrySample, eventSample, sessionSample } from './testing/samples'

const large = 'x'.repeat(400_000)
const bigEntry = (id: string, parent: string | null) => entrySample(id, parent, { payload: { kind: 'user_message', text: large } })

function caught(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return error
  }
  return null
}

it('says what was not saved when there is no room, keeps nothing of it, and works again when there is', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trestle-full-'))
  const db = openConnection(join(folder, 'a.db'))
  migrate(db, migrations, { at, appVersion: '1' })
  const { store } = createStore(db)
  try {
    store.sessions.insert(sessionSample('s1'))
    store.journal.append(entrySample('a', null), 's1-head')
    db.pragma(`max_page_count = ${Number(db.pragma('page_count', { simple: true })) + 20}`)

    const alone = caught(() => store.journal.append(bigEntry('b', 'a'), 's1-head'))
    expect(alone).toMatchObject({ code: 'DISK_FULL', message: 'The disk is full: the conversation was not saved. Free some space and try again.', retryable: false })

    let seq = 0
    const inside = caught(() => store.transaction(() => {
      store.journal.append(entrySample('small', 'a'), 's1-head')
      seq = store.events.nextSeq()
      store.events.append(eventSample(seq, 'models.update', {}))
      store.journal.append(bigEntry('b', 'small'), 's1-head')
    }))
    expect(inside).toMatchObject({ code: 'DISK_FULL', message: 'The disk is full: the conversation was not saved. Free some space and try again.' })

    const atCommit = caught(() => store.settings.put({ ...store.settings.get(), compatible: [{ id: 'x', name: large, baseUrl: 'http://localhost', models: [] }] }))
    expect(atCommit).toMatchObject({ code: 'DISK_FULL', message: 'The disk is full: your change of the settings was not saved. Free some space and try again.' })

    expect(store.journal.path('a').map(({ id }) => id)).toEqual(['a'])
    expect(store.sessions.get('s1')?.heads[0]?.entryId).toBe('a')
    expect(store.journal.get('small')).toBeNull()
    expect(store.events.readAfter(0, 10)).toEqual([])

    db.pragma('max_page_count = 1000000')
    store.journal.append(bigEntry('b', 'a'), 's1-head')
    expect(store.journal.path('b')).toEqual([entrySample('a', null), bigEntry('b', 'a')])
    expect(store.events.nextSeq()).toBeGreaterThan(seq)
  } finally {
    db.close()
    rmSync(folder, { recursive: true })
  }
})

it.each([
  ['SQLITE_FULL', 'DISK_FULL'],
  ['SQLITE_IOERR_SHMSIZE', 'DISK_FULL'],
  ['SQLITE_IOERR_WRITE', 'DATABASE_DAMAGED'],
  ['SQLITE_CORRUPT', 'DATABASE_DAMAGED'],
  ['SQLITE_CORRUPT_INDEX', 'DATABASE_DAMAGED'],
  ['SQLITE_NOTADB', 'DATABASE_DAMAGED'],
  ['SQLITE_READONLY_DBMOVED', 'PERMISSION_DENIED'],
  ['SQLITE_CANTOPEN', 'PERMISSION_DENIED'],
  ['SQLITE_BUSY_SNAPSHOT', 'SERVICE_UNAVAILABLE'],
])('turns %s into %s', (from, to) => {
  const error = new Database.SqliteError('what SQLite says', from)
  const mapped = mapSqliteError(error, 'The run', join(tmpdir(), 'a.db'))
  expect(mapped).toBeInstanceOf(AppError)
  expect(mapped).toMatchObject({ code: to, cause: error })
})

it('leaves bugs and errors that already have a meaning alone', () => {
  const constraint = new Database.SqliteError('UNIQUE', 'SQLITE_CONSTRAINT_UNIQUE')
  const known = new AppError('CONFLICT', 'no')
  expect([mapSqliteError(constraint, 'The run', 'x'), mapSqliteError(known, 'The run', 'x')]).toEqual([constraint, known])
})
