import type { Database, Statement } from 'better-sqlite3'

const MOST_KEPT = 200

/** Statements whose text depends on what is asked: prepared once each, the oldest dropped. */
export function createStatements(db: Database): <Row>(sql: string) => Statement<[object], Row> {
  const kept = new Map<string, Statement<[object], unknown>>()
  return <Row>(sql: string) => {
    const known = kept.get(sql)
    if (known) return known as Statement<[object], Row>
    const made = db.prepare<[object], Row>(sql)
    const [oldest] = kept.keys()
    if (kept.size >= MOST_KEPT && oldest !== undefined) kept.delete(oldest)
    kept.set(sql, made)
    return made
  }
}
