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
    expect(db.pragma('wal_autocheckpoint', { simple: true })).toBe(16_000)
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
