import type { AuditProblem } from '#contract/audit'
import type { AuditRow, ChainReport } from '../ports/audit-store'
import type { Sha256 } from '../ports/system'

/** The columns of a record in their order: number, at, kind, severity, title, session, run, trace, content, before, hash. */
export type AuditCells = readonly [number, number, string, string, string, string | null, string | null, string, string, string, string]

const MOST_PROBLEMS = 20
/** How far away a record that was moved is looked for first. */
const NEAR = 50

export function hashOf(row: Omit<AuditRow, 'hash'>, sha256: Sha256): string {
  const { number, at, kind, severity, title, sessionId, runId, traceId, content, before } = row
  return hashCells([number, at, kind, severity, title, sessionId, runId, traceId, content], before, sha256)
}

function hashCells(cells: readonly unknown[], before: string, sha256: Sha256): string {
  return sha256(`${before}\n${JSON.stringify(cells)}`)
}

export interface Walk {
  /** In the order of their numbers. */
  next(cells: AuditCells): void
  report(): Omit<ChainReport, 'skipped'>
}

/** `start`: where the walk begins, `{ number: 0, hash: '' }` for all of it. `numberOf`: of the record with this hash. */
export function createWalk({ sha256, start, numberOf }: {
  readonly sha256: Sha256
  readonly start: { readonly number: number; readonly hash: string }
  readonly numberOf: (hash: string) => number | null
}): Walk {
  const problems: AuditProblem[] = []
  const found = { records: 0, count: 0 }
  let last = { ...start, isSound: true }

  const add = (number: number, kind: AuditProblem['kind'], message: string) => {
    found.count += 1
    if (problems.length < MOST_PROBLEMS) problems.push({ number, kind, message })
  }
  /** The number that the record was written under; null when none fits. */
  const origin = (cells: AuditCells): number | null => {
    const [number, , , , , , , , , before, hash] = cells
    const fits = (as: number) => hashCells([as, ...cells.slice(1, 9)], before, sha256) === hash
    for (let away = 1; away <= NEAR; away++) for (const as of [number - away, number + away]) if (as > 0 && fits(as)) return as
    const written = before === '' ? 1 : (numberOf(before) ?? -1) + 1
    return written > 0 && fits(written) ? written : null
  }
  return {
    next: (cells) => {
      const [number, , , , , , , , , before, hash] = cells
      found.records += 1
      if (number <= 0) return add(number, 'added', `Record ${number} was never written by Trestle: its number is before the first.`)
      const expected = last.number + 1
      if (number > expected) add(expected, 'removed', number === expected + 1 ? `Record ${expected} was removed.` : `Records ${expected} to ${number - 1} were removed.`)
      const isSound = hashCells(cells.slice(0, 9), before, sha256) === hash
      if (!isSound) {
        // Looking for where it was costs much more than the walk itself.
        const written = problems.length < MOST_PROBLEMS ? origin(cells) : null
        if (written === null) add(number, 'changed', `Record ${number} is not as it was written.`)
        else add(number, 'moved', `In the place of record ${number} stands record ${written}: records were put into another order.`)
      } else if (number === expected && before !== last.hash && last.isSound) {
        if (last.number === 0) add(number, 'changed', `Record ${number} is not the first that was written.`)
        else add(last.number, 'changed', `Record ${last.number} was changed, and its hash calculated anew: record ${number} names another one before it.`)
      }
      last = { number, hash, isSound }
    },
    report: () => ({ records: found.records, last: last.number, problems: [...problems].sort((one, other) => one.number - other.number), count: found.count }),
  }
}
