import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { preparingLate } from './prepare-late'

it('compiles a statement when it is used for the first time, and once', () => {
  const db = new Database(':memory:')
  const compiled: string[] = []
  const prepare = db.prepare.bind(db)
  db.prepare = ((sql: string) => { compiled.push(sql); return prepare(sql) }) as typeof db.prepare
  const late = preparingLate(db)
  const insert = late.prepare<[number]>('INSERT INTO things VALUES (?)')
  const all = late.prepare<[], number>('SELECT id FROM things').pluck()
  const rows = late.prepare<[number], [number]>('SELECT id FROM things WHERE id > ?').raw()
  expect(compiled).toEqual([])
  late.exec('CREATE TABLE things (id INTEGER)')
  late.transaction(() => [1, 2].map((id) => insert.run(id))).immediate()
  expect([all.all(), all.get(), [...rows.iterate(1)], rows.all(0)]).toEqual([[1, 2], 1, [[2]], [[1], [2]]])
  expect(compiled).toEqual(['INSERT INTO things VALUES (?)', 'SELECT id FROM things', 'SELECT id FROM things WHERE id > ?'])
  expect([late.inTransaction, late.memory, late.pragma('user_version', { simple: true })]).toEqual([false, true, 0])
  expect(() => late.prepare('SELECT missing').get()).toThrow('no such column')
  db.close()
})
