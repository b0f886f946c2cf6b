import { hash } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import { type AuditCells, createWalk } from '#core/audit/chain'
import type { ChainReport } from '#core/ports/audit-store'
import { auditQueries } from '../tables/audit'

const sha256 = (text: string) => hash('sha256', text)

/** Reads all that is committed, in one state of the database. */
export function verifyChain(db: Database, from: number): ChainReport {
  const numberOf = db.prepare<[string], number>('SELECT number FROM audit WHERE hash = ?').pluck()
  const startHash = from === 0 ? '' : db.prepare<[number], string>('SELECT hash FROM audit WHERE number = ?').pluck().get(from)
  // Where its beginning is gone, the whole is looked at.
  const start = startHash === undefined ? { number: 0, hash: '' } : { number: from, hash: startHash }
  const walk = createWalk({ sha256, start, numberOf: (text) => numberOf.get(text) ?? null })
  const rows = db.prepare<[number], AuditCells>(auditQueries.cells).raw()
  for (const cells of rows.iterate(start.number === 0 ? Number.MIN_SAFE_INTEGER : start.number)) walk.next(cells)
  return walk.report()
}
