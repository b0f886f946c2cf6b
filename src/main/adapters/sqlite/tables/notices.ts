import type { Database } from 'better-sqlite3'
import type { Notice } from '#contract/system'
import type { NoticeStore } from '#core/ports/store'

/** Older ones are dropped: a failure that repeats for weeks must not fill the window. */
const KEPT = 100

export function createNoticeStore(db: Database): NoticeStore {
  const insert = db.prepare<[string, string, string, number]>('INSERT INTO notices (id, level, text, at) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING')
  const prune = db.prepare<[number]>('DELETE FROM notices WHERE position <= (SELECT max(position) FROM notices) - ?')
  const list = db.prepare<[], Notice>('SELECT id, level, text FROM notices ORDER BY position')
  const remove = db.prepare<[string]>('DELETE FROM notices WHERE id = ?')

  return {
    insert: db.transaction<NoticeStore['insert']>(({ id, level, text }, at) => {
      insert.run(id, level, text, at)
      prune.run(KEPT)
    }).immediate,
    /** Oldest first. */
    list: () => list.all(),
    remove(id) {
      remove.run(id)
    },
  }
}
