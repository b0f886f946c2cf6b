import type { Database } from 'better-sqlite3'
import type { FlagStore } from '#core/ports/store'

export function createFlagStore(db: Database): FlagStore {
  const get = db.prepare<[string], string>('SELECT value FROM flags WHERE name = ?').pluck()
  const put = db.prepare<[string, string]>('INSERT INTO flags (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value')
  const remove = db.prepare<[string]>('DELETE FROM flags WHERE name = ?')

  return {
    get: (name) => get.get(name) ?? null,
    put(name, value) {
      put.run(name, value)
    },
    remove(name) {
      remove.run(name)
    },
  }
}
