import { statSync } from 'node:fs'
import { expect, it } from 'vitest'
import { systemClock } from '../../node/system'
import { openConnection } from '../connection'
import { createProfile } from '../testing/profile'
import { createLogCheckpoint } from './log-checkpoint'

it('takes a long log over into the file beside the work, so that the log begins anew instead of growing', async () => {
  const profile = createProfile(systemClock)
  const db = openConnection(profile.path)
  db.exec('CREATE TABLE pages (data BLOB)')
  const log = createLogCheckpoint(db)
  const insert = db.prepare('INSERT INTO pages (data) VALUES (randomblob(400000))')
  try {
    let longest = 0
    for (let round = 0; round < 24; round += 1) {
      for (let commit = 0; commit < 8; commit += 1) {
        insert.run()
        log.committed()
      }
      await log.room()
      longest = Math.max(longest, statSync(`${profile.path}-wal`).size)
    }
    expect(db.pragma('wal_autocheckpoint', { simple: true })).toBe(64_000)
    // 77 MB were written; nothing but the thread took them over.
    expect(longest).toBeLessThan(40_000_000)
    expect(db.prepare('SELECT count(*) FROM pages').pluck().get()).toBe(192)
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
  } finally {
    await log.stop()
    log.committed()
    await log.room()
    db.close()
    await profile.remove()
  }
})

it('begins a log anew that is read all the time, and goes on where a reader stays', async () => {
  const profile = createProfile(systemClock)
  const db = openConnection(profile.path)
  db.exec('CREATE TABLE pages (data BLOB)')
  const log = createLogCheckpoint(db)
  const insert = db.prepare('INSERT INTO pages (data) VALUES (randomblob(400000))')
  const reader = openConnection(profile.path)
  const readOn = () => {
    if (reader.inTransaction) reader.exec('COMMIT')
    reader.exec('BEGIN; SELECT count(*) FROM pages')
  }
  const write = async (commits: number) => {
    for (let commit = 0; commit < commits; commit += 1) {
      insert.run()
      log.committed()
      if (commit % 8 === 0) await log.room()
    }
  }
  readOn()
  // Each begins where the one before it ended: there is no moment without one.
  const reading = setInterval(readOn, 2)
  try {
    await write(192)
    expect(statSync(`${profile.path}-wal`).size).toBeLessThan(40_000_000)
    clearInterval(reading)
    await write(96)
    expect(statSync(`${profile.path}-wal`).size).toBeGreaterThan(30_000_000)
    reader.exec('COMMIT')
    expect(reader.prepare('SELECT count(*) FROM pages').pluck().get()).toBe(288)
  } finally {
    clearInterval(reading)
    reader.close()
    await log.stop()
    db.close()
    await profile.remove()
  }
})
