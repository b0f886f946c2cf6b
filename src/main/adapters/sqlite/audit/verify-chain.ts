import { hash } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import { type AuditCells, createWalk } from '#core/audit/chain'
import type { ChainReport } from '#core/ports/audit-store'
import { auditQueries, readCut } from '../tables/audit'

const sha256 = (text: string) => hash('sha256', text)

/** Reads all that is committed, in one state of the database. */
export function verifyChain(db: Database, from: number): ChainReport {
  const numberOf = db.prepare<[string], number>('SELECT number FROM audit WHERE hash = ?').pluck()
  const start = startOf(db, from)
  const walk = createWalk({ sha256, start, numberOf: (text) => numberOf.get(text) ?? null })
  const rows = db.prepare<[number], AuditCells>(auditQueries.cells).raw()
  for (const cells of rows.iterate(from === 0 || start.number < from ? Number.MIN_SAFE_INTEGER : start.number)) walk.next(cells)
  const first = firstOf(db)
  return { ...walk.report(), skipped: start.number === from && from > 0 ? from - first + 1 : 0 }
}

/** Where the walk begins: after the record `from`, or, where that is gone, after what was put away of the oldest; else before the first. */
function startOf(db: Database, from: number): { readonly number: number; readonly hash: string } {
  const hashOf = db.prepare<[number], string>('SELECT hash FROM audit WHERE number = ?').pluck()
  const hash = from === 0 ? undefined : hashOf.get(from)
  if (hash !== undefined) return { number: from, hash }
  const cut = readCut(db)
  if (!cut) return { number: 0, hash: '' }
  const first = firstOf(db)
  // Not all that may go is gone yet.
  if (first <= cut.to) return { number: first - 1, hash: db.prepare<[number], string>('SELECT before FROM audit WHERE number = ?').pluck().get(first) ?? '' }
  return { number: cut.to, hash: cut.hash }
}

function firstOf(db: Database): number {
  return db.prepare<[], number>(auditQueries.first).pluck().get() ?? 1
}
