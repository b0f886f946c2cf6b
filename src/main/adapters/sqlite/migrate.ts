import { createHash } from 'node:crypto'
import type { Database } from 'better-sqlite3'

export interface Migration {
  readonly name: string
  readonly sql: string
}

export interface MigrationStamp {
  readonly at: number
  readonly appVersion: string
}

export function versionOf(db: Database): number {
  return Number(db.pragma('user_version', { simple: true }))
}

/**
 * Brings a database to the newest version. All that is missing is one transaction that also records it: a stop in between
 * leaves the version before, and a new profile waits for the disk once. Throws (a bug) when a migration was edited after
 * it had run.
 */
export function migrate(db: Database, migrations: readonly Migration[], stamp: MigrationStamp): void {
  const current = versionOf(db)
  if (current > 0) verifyHistory(db, migrations)
  if (current >= migrations.length) return
  db.transaction(() => {
    if (current === 0) db.exec(historyTable)
    const record = db.prepare('INSERT INTO migrations (version, name, checksum, applied_at, app_version) VALUES (?, ?, ?, ?, ?)')
    for (const [index, migration] of migrations.entries()) {
      if (index < current) continue
      db.exec(migration.sql)
      record.run(index + 1, migration.name, checksumOf(migration), stamp.at, stamp.appVersion)
    }
    db.pragma(`user_version = ${migrations.length}`)
  }).immediate()
}

export function checksumOf({ sql }: Migration): string {
  return createHash('sha256').update(sql).digest('hex')
}

const historyTable = `
CREATE TABLE migrations (
  version INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  checksum TEXT NOT NULL,
  applied_at INTEGER NOT NULL,
  app_version TEXT NOT NULL
) STRICT`

function verifyHistory(db: Database, migrations: readonly Migration[]): void {
  const applied = db.prepare<[], { version: number; name: string; checksum: string }>('SELECT version, name, checksum FROM migrations').all()
  for (const { version, name, checksum } of applied) {
    const known = migrations[version - 1]
    if (known && checksumOf(known) !== checksum) throw new Error(`migration ${name} was edited after it had been applied`)
  }
}
