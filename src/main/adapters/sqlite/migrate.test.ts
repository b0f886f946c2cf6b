import { expect, it } from 'vitest'
import { openConnection } from './connection'
import { checksumOf, migrate, type Migration, versionOf } from './migrate'
import { migrations } from './migrations'

const stamp = { at: 1000, appVersion: '1.2.3' }

function schemaOf(db: ReturnType<typeof openConnection>) {
  return db.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name').all()
}

it('brings an empty database to the newest version and records how', () => {
  const db = openConnection(':memory:')
  migrate(db, migrations, stamp)
  expect(versionOf(db)).toBe(migrations.length)
  expect(db.prepare('SELECT * FROM migrations').all()).toEqual(
    migrations.map((migration, index) => ({ version: index + 1, name: migration.name, checksum: checksumOf(migration), applied_at: 1000, app_version: '1.2.3' })),
  )
  expect(db.prepare('SELECT * FROM event_position').all()).toEqual([{ id: 1, reserved_until: 0, pruned_until: 0 }])
  db.close()
})

it('makes only STRICT tables', () => {
  const db = openConnection(':memory:')
  migrate(db, migrations, stamp)
  expect(db.prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'").pluck().all()).toEqual([])
  db.close()
})

it('changes nothing when there is nothing to do', () => {
  const db = openConnection(':memory:')
  migrate(db, migrations, stamp)
  const before = [schemaOf(db), db.prepare('SELECT * FROM migrations').all(), db.pragma('schema_version')]
  migrate(db, migrations, { at: 2000, appVersion: '9' })
  expect([schemaOf(db), db.prepare('SELECT * FROM migrations').all(), db.pragma('schema_version')]).toEqual(before)
  db.close()
})

it('names each migration after its place in the list', () => {
  expect(migrations.map(({ name }) => name.slice(0, 5))).toEqual(migrations.map((_, index) => `${String(index + 1).padStart(4, '0')}-`))
  expect(migrations.every(({ name }) => /^\d{4}-[a-z0-9-]+$/.test(name))).toBe(true)
})

const first: Migration = { name: '0001-first', sql: 'CREATE TABLE a (id INTEGER PRIMARY KEY) STRICT; INSERT INTO a VALUES (1);' }
const second: Migration = { name: '0002-second', sql: 'ALTER TABLE a ADD COLUMN b INTEGER; INSERT INTO a VALUES (2, 3);' }
const broken: Migration = { name: '0003-broken', sql: 'DELETE FROM a; INSERT INTO nowhere VALUES (1);' }

it('leaves the database as it was when one of the missing migrations breaks', () => {
  const db = openConnection(':memory:')
  migrate(db, [first], stamp)
  expect(() => migrate(db, [first, second, broken], stamp)).toThrow('nowhere')
  expect(versionOf(db)).toBe(1)
  expect(db.prepare('SELECT * FROM a').all()).toEqual([{ id: 1 }])
  expect(db.prepare('SELECT name FROM migrations').pluck().all()).toEqual(['0001-first'])
  db.close()
})

it('refuses a migration that was edited after it had been applied', () => {
  const db = openConnection(':memory:')
  migrate(db, [first], stamp)
  expect(() => migrate(db, [{ ...first, sql: `${first.sql} ` }, second], stamp)).toThrow('0001-first was edited')
  expect(versionOf(db)).toBe(1)
  db.close()
})
