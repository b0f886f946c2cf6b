import type { Database } from 'better-sqlite3'

/** A transaction of its own; inside another a part of it, without a savepoint: what it throws has to end that one too. */
export function atomic<Args extends unknown[], Result>(db: Database, work: (...args: Args) => Result): (...args: Args) => Result {
  const alone = db.transaction(work).immediate
  return (...args) => (db.inTransaction ? work(...args) : alone(...args))
}
