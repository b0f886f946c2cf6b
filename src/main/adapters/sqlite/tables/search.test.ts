import type { Database } from 'better-sqlite3'
import { expect, it } from 'vitest'
import { parseQuery } from '#core/search/query'
import { openConnection } from '../connection'
import { createStore } from '../create-store'
import { migrate } from '../migrate'
import { migrations } from '../migrations'
import { at, entrySample, sessionSample } from '../testing/samples'

/** A database as version 2 left it, with one session of `count` messages. */
function older(count: number) {
  const db = openConnection(':memory:')
  migrate(db, migrations.slice(0, 2), { at: 0, appVersion: '1' })
  db.prepare("INSERT INTO sessions (id, title, mode, active_head_id, created_at, updated_at) VALUES ('old', 'The old harbour', 'ask', 'old-head', ?, ?)").run(at, at)
  db.prepare("INSERT INTO heads (id, session_id, entry_id, created_at) VALUES ('old-head', 'old', ?, ?)").run(count === 0 ? null : `e${String(count).padStart(5, '0')}`, at)
  const insert = db.prepare("INSERT INTO entries (id, session_id, parent_id, at, kind, payload) VALUES (?, 'old', ?, ?, 'user_message', ?)")
  const id = (index: number) => (index === 0 ? null : `e${String(index).padStart(5, '0')}`)
  for (let index = 1; index <= count; index += 1) insert.run(id(index), id(index - 1), at + index, JSON.stringify({ text: `old message ${index} about harbours` }))
  migrate(db, migrations, { at: 0, appVersion: '2' })
  return { db, store: createStore(db).store }
}

const find = (store: ReturnType<typeof older>['store'], text: string, limit = 1000) => store.search.find(parseQuery(text), { limit }).map(({ sessionId, entryId }) => entryId ?? sessionId)

it('has the titles at once and takes in entries bit by bit, the newest found first', () => {
  const { db, store } = older(120)
  expect(find(store, 'harbour')).toEqual(['old'])
  expect(store.search.isComplete()).toBe(false)
  expect(store.search.takeIn(50)).toBe(false)
  store.sessions.insert(sessionSample('new'))
  store.journal.append(entrySample('a-new', null, { sessionId: 'new', payload: { kind: 'user_message', text: 'a new harbour' } }), 'new-head')
  expect(find(store, 'harb', 2)).toEqual(['old', 'e00050'])
  expect(store.search.takeIn(50)).toBe(false)
  expect(store.search.takeIn(50)).toBe(true)
  expect(store.search.isComplete()).toBe(true)
  expect(find(store, 'harb', 4)).toEqual(['old', 'a-new', 'e00120', 'e00119'])
  expect(find(store, 'harb')).toHaveLength(122)
  db.close()
})

const message = (id: string, parentId: string | null, text: string) => entrySample(id, parentId, { sessionId: 'old', payload: { kind: 'user_message', text } })

it('takes in what was written in place of rows that are gone', () => {
  const { db, store } = older(3)
  store.sessions.insert(sessionSample('new'))
  store.journal.append(entrySample('gone', null, { sessionId: 'new', payload: { kind: 'user_message', text: 'harbour' } }), 'new-head')
  while (!store.search.takeIn(50)) { /* goes on */ }
  store.sessions.remove('new')
  store.journal.append(message('e00004', 'e00003', 'harbour'), 'old-head')
  expect([store.search.isComplete(), store.search.takeIn(50)]).toEqual([false, true])
  expect(find(store, 'harbour ')).toEqual(['old', 'e00004'])
  db.close()
})

it.each([
  ['numbered its rows anew', (db: Database) => db.exec('UPDATE entries SET rowid = rowid + 100')],
  ['lost the entry that it had come to', (db: Database) => db.exec("UPDATE search_progress SET after_entry = 'nowhere'")],
])('finds its place, and takes in nothing twice, in a copy that %s', (_name, change) => {
  const { db, store } = older(5)
  store.search.takeIn(3)
  change(db)
  const again = createStore(db).store
  while (!again.search.takeIn(2)) { /* goes on */ }
  expect(find(again, 'harbours ')).toEqual(['e00005', 'e00004', 'e00003', 'e00002', 'e00001'])
  expect(db.prepare('SELECT count(*) FROM search_texts').pluck().get()).toBe(6)
  db.close()
})

it('has nothing to take in for a new profile', () => {
  const { db, store } = older(0)
  expect(store.search.isComplete()).toBe(true)
  db.close()
})

it('leaves nothing of a removed session, nor of a failed transaction', () => {
  const { db, store } = older(5)
  while (!store.search.takeIn(50)) { /* goes on */ }
  expect(() => store.transaction(() => {
    store.journal.append(entrySample('e6', 'e00005', { sessionId: 'old', payload: { kind: 'user_message', text: 'lost' } }), 'old-head')
    throw new Error('no')
  })).toThrow('no')
  expect(find(store, 'lost')).toEqual([])
  store.sessions.remove('old')
  expect(find(store, 'harbour')).toEqual([])
  expect(db.prepare('SELECT count(*) FROM search_texts').pluck().get()).toBe(0)
  expect(db.prepare("SELECT count(*) FROM search_index WHERE search_index MATCH 'message'").pluck().get()).toBe(0)
  db.close()
})
