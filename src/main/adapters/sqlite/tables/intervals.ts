import type { Database } from 'better-sqlite3'
import type { Interval, IntervalStore } from '#core/ports/checkpoint-store'

interface IntervalRow {
  readonly position: number
  readonly workspace_id: string
  readonly from_tree: string | null
  readonly to_tree: string
  readonly at: number
  readonly authors: string
  readonly paths: string | null
}

const from = 'SELECT position, workspace_id, from_tree, to_tree, at, authors, paths FROM intervals'

export const intervalQueries = {
  newest: `${from} WHERE workspace_id = ? ORDER BY position DESC LIMIT 1`,
  listAfter: `${from} WHERE workspace_id = ? AND position > ? AND position <= ? ORDER BY position`,
  listByRun: `${from} WHERE workspace_id = ? AND at >= ? AND instr(authors, ?) > 0 ORDER BY position`,
  treesSince: 'SELECT from_tree, to_tree FROM intervals WHERE at >= ?',
  removeBefore: 'DELETE FROM intervals WHERE at < ? AND position NOT IN (SELECT max(position) FROM intervals GROUP BY workspace_id)',
}

export function createIntervalStore(db: Database): IntervalStore {
  const insert = db.prepare('INSERT INTO intervals (workspace_id, from_tree, to_tree, at, authors, paths) VALUES (?, ?, ?, ?, ?, ?)')
  const newest = db.prepare<[string], IntervalRow>(intervalQueries.newest)
  const listAfter = db.prepare<[string, number, number], IntervalRow>(intervalQueries.listAfter)
  const listByRun = db.prepare<[string, number, string], IntervalRow>(intervalQueries.listByRun)
  const treesSince = db.prepare<[number], Pick<IntervalRow, 'from_tree' | 'to_tree'>>(intervalQueries.treesSince)
  const newestTrees = db.prepare<[], string>('SELECT to_tree FROM intervals WHERE position IN (SELECT max(position) FROM intervals GROUP BY workspace_id)').pluck()
  const removeBefore = db.prepare<[number]>(intervalQueries.removeBefore)

  return {
    append(interval) {
      const { workspaceId, fromTree, toTree, at, authors, paths } = interval
      const { lastInsertRowid } = insert.run(workspaceId, fromTree, toTree, at, JSON.stringify(authors), paths && JSON.stringify(paths))
      return { ...interval, position: Number(lastInsertRowid) }
    },
    newest(workspaceId) {
      const row = newest.get(workspaceId)
      return row ? toInterval(row) : null
    },
    listAfter: (workspaceId, position, until) => listAfter.all(workspaceId, position, until).map(toInterval),
    listByRun: (workspaceId, runId, since) => listByRun.all(workspaceId, since, JSON.stringify(runId)).map(toInterval),
    treesSince: (at) => treesSince.all(at).flatMap((row) => (row.from_tree === null ? [row.to_tree] : [row.from_tree, row.to_tree])),
    newestTrees: () => newestTrees.all(),
    removeBefore(at) {
      removeBefore.run(at)
    },
  }
}

function toInterval(row: IntervalRow): Interval {
  return {
    position: row.position, workspaceId: row.workspace_id, fromTree: row.from_tree, toTree: row.to_tree, at: row.at,
    authors: JSON.parse(row.authors), paths: row.paths === null ? null : JSON.parse(row.paths),
  }
}
