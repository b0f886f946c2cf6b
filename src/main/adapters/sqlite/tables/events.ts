import type { Database } from 'better-sqlite3'
import type { EventEnvelope } from '#contract/events'
import type { EventLog } from '#core/ports/event-log'
import { dehydrate, type EventRow, type EventSources, hydrate } from './event-rows'

export interface EventLogOptions {
  /** Events that are kept at least. */
  readonly keep: number
  /** Numbers taken at a time; what is left of them at a crash is never used. */
  readonly block: number
  /** Events appended between two looks at the count; that many more than `keep` may be there. */
  readonly pruneEvery: number
}

export const eventLogDefaults: EventLogOptions = { keep: 200_000, block: 65_536, pruneEvery: 256 }

export const eventQueries = {
  readAfter: 'SELECT seq, topic, at, session_id, run_id, trace_id, ref, payload FROM events WHERE seq > ? ORDER BY seq LIMIT ?',
  /** The newest of the `n` oldest. */
  oldest: 'SELECT max(seq) FROM (SELECT seq FROM events ORDER BY seq LIMIT ?)',
  prune: 'DELETE FROM events WHERE seq <= ?',
}

export interface SqliteEventLog extends EventLog {
  /** To be called before a transaction; the result after it failed: what it reserved and counted is then gone. Numbers it gave out stay given. */
  mark(): () => void
  /** Numbers that can be given out before a block has to be reserved. */
  reserved(): number
  /** Gives back the numbers that were not used. None may be taken afterwards. */
  release(): void
}

export function createEventLog(db: Database, sources: EventSources, options: EventLogOptions = eventLogDefaults): SqliteEventLog {
  const prunedUntil = db.prepare<[], number>('SELECT pruned_until FROM event_position').pluck()
  const setPruned = db.prepare<[number]>('UPDATE event_position SET pruned_until = ?')
  const insert = db.prepare('INSERT INTO events (seq, topic, at, session_id, run_id, trace_id, ref, payload) VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
  const count = db.prepare<[], number>('SELECT count(*) FROM events').pluck()
  const oldest = db.prepare<[number], number | null>(eventQueries.oldest).pluck()
  const prune = db.prepare<[number]>(eventQueries.prune)
  const select = db.prepare<[number, number], EventRow>(eventQueries.readAfter)
  const numbers = createNumbers(db, options.block)
  // The first event of a process looks at the count, so that many short runs stay within the bound too.
  let appended = options.pruneEvery
  let stored: number | null = null

  const pruneOldest = db.transaction(() => {
    const total = stored === null ? (count.get() ?? 0) : stored + appended
    const until = total > options.keep ? (oldest.get(total - options.keep) ?? 0) : 0
    const removed = until > 0 ? prune.run(until).changes : 0
    if (removed > 0) setPruned.run(until)
    stored = total - removed
    appended = 0
  })

  return {
    nextSeq: numbers.next,
    lastSeq: numbers.last,
    reserved: numbers.left,
    release: numbers.release,
    append(event) {
      const { ref, rest } = dehydrate(event)
      insert.run(event.seq, event.topic, event.at, event.sessionId, event.runId, event.traceId, ref, JSON.stringify(rest))
      appended += 1
      if (appended >= options.pruneEvery) pruneOldest.immediate()
    },
    readAfter(since, limit) {
      if (since > numbers.last() || since < (prunedUntil.get() ?? 0)) return null
      const found: EventEnvelope[] = []
      // Events of a session that was removed can't be told any more; a page may not seem to be the last because of them.
      for (let after = since; found.length < limit;) {
        const rows = select.all(after, limit - found.length)
        const lastRow = rows.at(-1)
        if (!lastRow) break
        for (const row of rows) {
          const event = hydrate(row, sources)
          if (event) found.push(event)
        }
        after = lastRow.seq
      }
      return found
    },
    mark() {
      const before = { stored, appended }
      return () => {
        stored = before.stored
        appended = before.appended
        numbers.rolledBack()
      }
    },
  }
}

/**
 * Numbers are given out in memory from a block whose end is on disk, so that they rise over restarts although most
 * events (tokens) are never stored. After a crash they go on behind the block.
 */
function createNumbers(db: Database, block: number) {
  const reserve = db.prepare<[number]>('UPDATE event_position SET reserved_until = ?')
  const reserved = db.prepare<[], number>('SELECT reserved_until FROM event_position').pluck()
  let reservedUntil = reserved.get() ?? 0
  let last = reservedUntil

  return {
    last: () => last,
    left: () => reservedUntil - last,
    next() {
      if (last >= reservedUntil) {
        reserve.run(last + block)
        reservedUntil = last + block
      }
      last += 1
      return last
    },
    rolledBack() {
      try {
        reservedUntil = reserved.get() ?? 0
      } catch {
        // The failure that led here is the one to report; the next number reserves anew.
        reservedUntil = 0
      }
    },
    release() {
      if (reservedUntil !== last) reserve.run(last)
      reservedUntil = last
    },
  }
}
