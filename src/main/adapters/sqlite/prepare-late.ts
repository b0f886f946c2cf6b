import type { Database, Statement } from 'better-sqlite3'

/** The same database, whose statements are compiled when each is used for the first time: a start needs a few of some hundreds. */
export function preparingLate(db: Database): Database {
  // All else finds the connection through the prototype.
  return Object.create(db, { prepare: { value: (sql: string) => late(() => db.prepare(sql)) } }) as Database
}

/** What this project uses of a statement. */
type Used = Pick<Statement<unknown[]>, 'run' | 'get' | 'all' | 'iterate' | 'pluck' | 'raw'>

function late(prepare: () => Statement<unknown[]>): Statement<unknown[]> {
  let prepared: Statement<unknown[]> | null = null
  const use = () => (prepared ??= prepare())
  const statement: Used = {
    run: (...values) => use().run(...values),
    get: (...values) => use().get(...values),
    all: (...values) => use().all(...values),
    iterate: (...values) => use().iterate(...values),
    pluck: (...on) => late(() => use().pluck(...on)),
    raw: (...on) => late(() => use().raw(...on)),
  }
  return statement as Statement<unknown[]>
}
