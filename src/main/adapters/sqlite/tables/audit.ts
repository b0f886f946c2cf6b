import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { type AuditKind, AuditKindSchema, type AuditRecord, type Severity, SeveritySchema } from '#contract/audit'
import type { AuditCount, AuditCut, AuditRow, AuditStore } from '#core/ports/audit-store'

interface StoredRow {
  readonly number: number
  readonly at: number
  readonly kind: string
  readonly severity: string
  readonly title: string
  readonly sessionId: string | null
  readonly runId: string | null
  readonly traceId: string
  readonly content: string
  readonly hash: string
}

/** Of one page: looking for a text reads each of them. */
const MOST_LOOKED_AT = 20_000

const kinds: ReadonlyMap<string, AuditKind> = new Map(AuditKindSchema.options.map((kind) => [kind, kind]))
const severities: ReadonlyMap<string, Severity> = new Map(SeveritySchema.options.map((severity) => [severity, severity]))

const cells = 'number, at, kind, severity, title, session_id, run_id, trace_id, content, before, hash'
const matches = `(@rank = 0 OR severity IN ('critical', CASE WHEN @rank <= 2 THEN 'high' END, CASE WHEN @rank <= 1 THEN 'medium' END)) AND (@from IS NULL OR at >= @from) 
  AND (@text IS NULL OR instr(lower(title), lower(@text)) > 0 OR instr(lower(content), lower(@text)) > 0)`
const columns = 'number, at, kind, severity, title, session_id AS sessionId, run_id AS runId, trace_id AS traceId, content, hash'

export const auditQueries = {
  head: 'SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1',
  cells: `SELECT ${cells} FROM audit WHERE number > ? ORDER BY number`,
  first: 'SELECT number FROM audit WHERE number > 0 ORDER BY number LIMIT 1',
  countUpTo: 'SELECT kind, severity, count(*) AS count, min(at) AS first, max(at) AS last FROM audit WHERE number <= ? GROUP BY kind, severity',
  removeUpTo: 'DELETE FROM audit WHERE number IN (SELECT number FROM audit WHERE number <= ? ORDER BY number LIMIT ?)',
  all: `SELECT ${columns} FROM audit WHERE number < @before AND number >= @least AND ${matches} ORDER BY number DESC LIMIT @limit`,
  byKind: `SELECT ${columns} FROM audit INDEXED BY audit_by_kind WHERE kind = @kind AND (@sessionId IS NULL OR session_id = @sessionId) AND number < @before AND number >= @least AND ${matches} ORDER BY number DESC LIMIT @limit`,
  bySession: `SELECT ${columns} FROM audit INDEXED BY audit_by_session WHERE session_id = @sessionId AND number < @before AND number >= @least AND ${matches} ORDER BY number DESC LIMIT @limit`,
}

/** Rows are only ever added: the table itself refuses the rest. */
export function createAuditStore(db: Database): AuditStore {
  const append = db.prepare(`INSERT INTO audit (${cells}) VALUES (@number, @at, @kind, @severity, @title, @sessionId, @runId, @traceId, @content, @before, @hash)`)
  const head = db.prepare<[], Pick<AuditRow, 'number' | 'hash'>>(auditQueries.head)
  const hashOf = db.prepare<[number], string>('SELECT hash FROM audit WHERE number = ?').pluck()
  const prepare = (sql: string) => db.prepare<[Record<string, unknown>], StoredRow>(sql)
  const lists = { all: prepare(auditQueries.all), kind: prepare(auditQueries.byKind), session: prepare(auditQueries.bySession) }
  const first = db.prepare<[], number>(auditQueries.first).pluck()
  const countUpTo = db.prepare<[number], AuditCount>(auditQueries.countUpTo)
  const upto = db.prepare<[], number>('SELECT upto FROM audit_cut').pluck()
  const allowCut = db.prepare<[number, number]>('INSERT INTO audit_cut (one, upto, record) VALUES (1, ?, ?) ON CONFLICT (one) DO UPDATE SET upto = excluded.upto, record = excluded.record')
  const removeUpTo = db.prepare<[number, number]>(auditQueries.removeUpTo)
  const timeOf = db.prepare<[number], number>('SELECT at FROM audit WHERE number = ?').pluck()
  /** The first record of this time or later; numbers and times grow together. */
  const firstFrom = (at: number): number => {
    let low = first.get() ?? 1
    let high = (head.get()?.number ?? 0) + 1
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      if ((timeOf.get(middle) ?? 0) < at) low = middle + 1
      else high = middle
    }
    return low
  }
  return {
    append: (row) => {
      append.run(row)
    },
    head: () => head.get() ?? null,
    hashOf: (number) => hashOf.get(number) ?? null,
    first: () => first.get() ?? null,
    countUpTo: (number) => countUpTo.all(number),
    cut: () => readCut(db),
    allowCut: (number, record) => {
      allowCut.run(number, record)
    },
    removeCut: (limit) => removeUpTo.run(upto.get() ?? 0, limit).changes,
    list: ({ kind = null, severity, sessionId = null, text = null, from = null, until = null, cursor, limit }) => {
      const end = until === null ? (head.get()?.number ?? 0) + 1 : firstFrom(until)
      const asked = cursor === undefined ? end : Number(cursor)
      const before = Number.isSafeInteger(asked) ? Math.min(asked, end) : 0
      const reads = text !== null || severity !== undefined || from !== null || (kind !== null && sessionId !== null)
      const oldest = first.get() ?? 1
      const least = reads ? Math.max(oldest, before - MOST_LOOKED_AT) : oldest
      const list = kind !== null ? lists.kind : sessionId !== null ? lists.session : lists.all
      const rows = list.all({ kind, sessionId, text, from, rank: severity === undefined ? 0 : SeveritySchema.options.indexOf(severity), before, least, limit: limit + 1 })
      const items = rows.slice(0, limit).map(toRecord)
      const next = rows.length > limit ? (items.at(-1)?.number ?? 0) : least > oldest ? least : null
      return { items, nextCursor: next === null ? null : String(next) }
    },
  }
}

const CutSchema = z.object({ cut: z.object({ to: z.int().positive(), hash: z.string(), counts: z.record(z.string(), z.number()) }) })

/** As the record says that the table names; whether that one is as it was written is for who reads the chain. */
export function readCut(db: Database): AuditCut | null {
  const named = db.prepare<[], { record: number; content: string }>("SELECT record, content FROM audit_cut JOIN audit ON audit.number = audit_cut.record WHERE kind = 'audit'").get()
  const said = named && CutSchema.safeParse(factsOf(named.content))
  return said?.success ? { ...said.data.cut, record: named?.record ?? 0 } : null
}

/** Whatever somebody made of a row, it comes out as something that can be shown. */
function toRecord({ content, ...row }: StoredRow): AuditRecord {
  const kind = kinds.get(row.kind)
  const severity = severities.get(row.severity)
  const facts = factsOf(content)
  if (kind !== undefined && severity !== undefined && facts !== null && row.at >= 0) return { ...row, kind, severity, content: facts }
  return { number: row.number, at: 0, kind: 'audit', severity: 'critical', title: 'This record was changed and cannot be read', sessionId: null, runId: null, traceId: '', content: {}, hash: row.hash }
}

function factsOf(text: string): AuditRecord['content'] | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null
  }
}
