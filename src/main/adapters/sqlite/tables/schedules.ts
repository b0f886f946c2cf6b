import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import type { Presence, ScheduleStore, ScheduleSums, StoredOccurrence } from '#core/ports/schedule-store'
import { decodeCursor, encodeCursor } from './cursor'

interface OccurrenceRow {
  readonly schedule_id: string
  readonly due_at: number
  readonly state: StoredOccurrence['state']
  readonly task_id: string | null
  readonly reason: string | null
  readonly claimed_at: number
  readonly last_due_at: number | null
  readonly number: number | null
}

interface PresenceRow {
  readonly began_at: number
  readonly seen_at: number
  readonly began_by: Presence['beganBy']
}

const from = 'SELECT schedule_id, due_at, state, task_id, reason, claimed_at, last_due_at, number FROM occurrences'
const atEnd = "('done', 'failed', 'missed', 'cancelled', 'dead_letter', 'review')"

export const scheduleQueries = {
  listDue: 'SELECT id FROM tasks WHERE next_due_at IS NOT NULL AND next_due_at <= ? ORDER BY next_due_at LIMIT ?',
  nextDueAt: 'SELECT next_due_at FROM tasks WHERE next_due_at IS NOT NULL ORDER BY next_due_at LIMIT 1',
  listArmed: 'SELECT id FROM tasks WHERE next_due_at IS NOT NULL ORDER BY next_due_at LIMIT ?',
  listArmedAfter: 'SELECT id FROM tasks WHERE id > ? AND next_due_at IS NOT NULL ORDER BY id LIMIT ?',
  list: "SELECT id, position FROM tasks WHERE kind <> 'adhoc' AND position < ? ORDER BY position DESC LIMIT ?",
  setNextDue: 'UPDATE tasks SET next_due_at = ? WHERE id = ?',
  activeTasks: "SELECT id FROM tasks WHERE schedule_id = ? AND state IN ('ready', 'running', 'needs_you') ORDER BY position",
  claim: `INSERT INTO occurrences (schedule_id, due_at, state, task_id, reason, claimed_at, last_due_at, number)
    VALUES (@scheduleId, @dueAt, @state, @taskId, @reason, @claimedAt, @lastDueAt, @number)
    ON CONFLICT (schedule_id, due_at) DO UPDATE SET state = @state, task_id = @taskId, reason = @reason, claimed_at = @claimedAt, last_due_at = @lastDueAt, number = @number
    WHERE occurrences.state <> 'claimed'`,
  setTask: 'UPDATE occurrences SET task_id = ? WHERE schedule_id = ? AND due_at = ?',
  find: `${from} WHERE schedule_id = ? AND due_at <= ? ORDER BY due_at DESC LIMIT 1`,
  listOccurrences: `${from} WHERE schedule_id = ? AND due_at < ? ORDER BY due_at DESC LIMIT ?`,
  listAsked: `${from} WHERE state = 'asked' AND schedule_id = ? ORDER BY due_at LIMIT ?`,
  listWaiting: `${from} WHERE state = 'queued' AND schedule_id = ? ORDER BY due_at LIMIT ?`,
  listQueued: "SELECT DISTINCT schedule_id FROM occurrences WHERE state = 'queued'",
  sums: `SELECT count(*) AS runs, coalesce(sum(state IN ('done', 'review')), 0) AS succeeded, avg(ended_at - started_at) AS meanMs, sum(cost_usd) AS costUsd
    FROM tasks WHERE schedule_id = ? AND state IN ${atEnd}`,
  lastFailure: `SELECT due_at AS dueAt, coalesce(error ->> 'message', reason, 'It did not succeed.') AS message FROM tasks
    WHERE schedule_id = ? AND state IN ('failed', 'dead_letter', 'missed') AND due_at IS NOT NULL ORDER BY position DESC LIMIT 1`,
  missed: "SELECT coalesce(sum(coalesce(number, 1)), 0) FROM occurrences WHERE schedule_id = ? AND state IN ('missed', 'asked')",
  pruneOld: "DELETE FROM occurrences WHERE schedule_id = ? AND due_at < ? AND state IN ('missed', 'skipped')",
  nth: 'SELECT due_at FROM occurrences WHERE schedule_id = ? ORDER BY due_at DESC LIMIT 1 OFFSET ?',
  setSeen: 'UPDATE presence SET seen_at = ? WHERE position = (SELECT max(position) FROM presence)',
  newestPresence: 'SELECT began_at, seen_at, began_by FROM presence ORDER BY position DESC LIMIT 1',
  presenceBefore: 'SELECT began_at, seen_at, began_by FROM presence WHERE began_at <= ? ORDER BY began_at DESC LIMIT 1',
  presenceAfter: 'SELECT began_at, seen_at, began_by FROM presence WHERE began_at > ? ORDER BY began_at LIMIT 1',
  prunePresence: 'DELETE FROM presence WHERE began_at < ? AND seen_at < ?',
}

const CursorSchema = z.tuple([z.number()])

export function createScheduleStore(db: Database): ScheduleStore {
  const list = db.prepare<[number, number], { readonly id: string; readonly position: number }>(scheduleQueries.list)
  const ids = (sql: string) => db.prepare<(string | number)[], string>(sql).pluck()
  const listDue = ids(scheduleQueries.listDue)
  const listArmed = ids(scheduleQueries.listArmed)
  const listArmedAfter = ids(scheduleQueries.listArmedAfter)
  const activeTasks = ids(scheduleQueries.activeTasks)
  const nextDueAt = db.prepare<[], number>(scheduleQueries.nextDueAt).pluck()
  const setNextDue = db.prepare<[number | null, string]>(scheduleQueries.setNextDue)
  return {
    listDue: (now, limit) => listDue.all(now, limit),
    nextDueAt: () => nextDueAt.get() ?? null,
    listArmed: (limit) => listArmed.all(limit),
    listArmedAfter: (after, limit) => listArmedAfter.all(after, limit),
    list({ cursor, limit }) {
      const [before] = cursor === undefined ? [Number.MAX_SAFE_INTEGER] : decodeCursor(cursor, CursorSchema)
      const rows = list.all(before, limit + 1)
      const last = rows[limit - 1]
      return { items: rows.slice(0, limit).map(({ id }) => id), nextCursor: rows.length > limit && last ? encodeCursor([last.position]) : null }
    },
    setNextDue: (id, at) => void setNextDue.run(at, id),
    activeTasks: (id) => activeTasks.all(id),
    ...createOccurrences(db), ...createPresence(db),
  }
}

type Occurrences = Pick<ScheduleStore, 'claim' | 'setTask' | 'find' | 'listOccurrences' | 'listOpen' | 'listQueued' | 'sums' | 'prune'>

function createOccurrences(db: Database): Occurrences {
  const claim = db.prepare<[object]>(scheduleQueries.claim)
  const setTask = db.prepare<[string, string, number]>(scheduleQueries.setTask)
  const find = db.prepare<[string, number], OccurrenceRow>(scheduleQueries.find)
  const listOccurrences = db.prepare<[string, number, number], OccurrenceRow>(scheduleQueries.listOccurrences)
  const listAsked = db.prepare<[string, number], OccurrenceRow>(scheduleQueries.listAsked)
  const listWaiting = db.prepare<[string, number], OccurrenceRow>(scheduleQueries.listWaiting)
  const listQueued = db.prepare<[], string>(scheduleQueries.listQueued).pluck()
  const sums = db.prepare<[string], Pick<ScheduleSums, 'runs' | 'succeeded' | 'meanMs' | 'costUsd'>>(scheduleQueries.sums)
  const lastFailure = db.prepare<[string], { readonly dueAt: number; readonly message: string }>(scheduleQueries.lastFailure)
  const missed = db.prepare<[string], number>(scheduleQueries.missed).pluck()
  const pruneOld = db.prepare<[string, number]>(scheduleQueries.pruneOld)
  const nth = db.prepare<[string, number], number>(scheduleQueries.nth).pluck()
  return {
    claim: (occurrence) => claim.run(occurrence).changes === 1,
    setTask: (id, dueAt, taskId) => void setTask.run(taskId, id, dueAt),
    find(id, dueAt) {
      const row = find.get(id, dueAt)
      return row && (row.due_at === dueAt || (row.last_due_at !== null && row.last_due_at >= dueAt)) ? toOccurrence(row) : null
    },
    listOccurrences(id, { cursor, limit }) {
      const [before] = cursor === undefined ? [Number.MAX_SAFE_INTEGER] : decodeCursor(cursor, CursorSchema)
      const rows = listOccurrences.all(id, before, limit + 1)
      const last = rows[limit - 1]
      return { items: rows.slice(0, limit).map(toOccurrence), nextCursor: rows.length > limit && last ? encodeCursor([last.due_at]) : null }
    },
    listOpen: (id, state, limit) => (state === 'asked' ? listAsked : listWaiting).all(id, limit).map(toOccurrence),
    listQueued: () => listQueued.all(),
    sums: (id) => {
      const found = sums.get(id) ?? { runs: 0, succeeded: 0, meanMs: null, costUsd: null }
      return { ...found, lastFailure: lastFailure.get(id) ?? null, missed: missed.get(id) ?? 0 }
    },
    prune(id, before, keep) {
      pruneOld.run(id, Math.max(before, nth.get(id, keep) ?? 0))
    },
  }
}

function createPresence(db: Database): Pick<ScheduleStore, 'insertPresence' | 'setSeen' | 'newestPresence' | 'presenceAt' | 'prunePresence'> {
  const insert = db.prepare<[object]>('INSERT INTO presence (began_at, seen_at, began_by) VALUES (@beganAt, @seenAt, @beganBy)')
  const setSeen = db.prepare<[number]>(scheduleQueries.setSeen)
  const newest = db.prepare<[], PresenceRow>(scheduleQueries.newestPresence)
  const before = db.prepare<[number], PresenceRow>(scheduleQueries.presenceBefore)
  const after = db.prepare<[number], PresenceRow>(scheduleQueries.presenceAfter)
  const prune = db.prepare<[number, number]>(scheduleQueries.prunePresence)
  return {
    insertPresence: (presence) => void insert.run(presence),
    setSeen: (at) => void setSeen.run(at),
    newestPresence: () => toPresence(newest.get()),
    presenceAt(at) {
      const holding = before.get(at)
      return toPresence(holding && holding.seen_at >= at ? holding : after.get(at))
    },
    prunePresence: (at) => void prune.run(at, at),
  }
}

function toOccurrence(row: OccurrenceRow): StoredOccurrence {
  return {
    scheduleId: row.schedule_id, dueAt: row.due_at, state: row.state, taskId: row.task_id, reason: row.reason, claimedAt: row.claimed_at, lastDueAt: row.last_due_at,
    number: row.number,
  }
}

function toPresence(row: PresenceRow | undefined): Presence | null {
  return row ? { beganAt: row.began_at, seenAt: row.seen_at, beganBy: row.began_by } : null
}
