import type { Database } from 'better-sqlite3'
import type { AnsweredRequestStore, RequestKey } from '#core/ports/answered-request-store'
import { atomic } from './atomic'

/** More than a client asks in a day; the oldest go first. */
const MOST_KEPT = 20_000

interface RequestRow {
  readonly body_hash: string
  readonly owner: string
  readonly status: number | null
  readonly answer: string | null
}

const ofKey = 'client = @client AND route = @route AND key = @key'
export const answeredRequestQueries = {
  find: `SELECT body_hash, owner, status, answer FROM answered_requests WHERE ${ofKey}`,
  forget: 'DELETE FROM answered_requests WHERE at < ?',
  edge: `SELECT at FROM answered_requests ORDER BY at DESC LIMIT 1 OFFSET ${MOST_KEPT}`,
}

export function createAnsweredRequestStore(db: Database): AnsweredRequestStore {
  const find = db.prepare<[object], RequestRow>(answeredRequestQueries.find)
  const forget = db.prepare<[number]>(answeredRequestQueries.forget)
  const edge = db.prepare<[], number>(answeredRequestQueries.edge).pluck()
  const insert = db.prepare('INSERT INTO answered_requests (client, route, key, body_hash, owner, at) VALUES (@client, @route, @key, @bodyHash, @owner, @at)')
  const answer = db.prepare(`UPDATE answered_requests SET status = @status, answer = @body WHERE ${ofKey}`)
  const release = db.prepare(`DELETE FROM answered_requests WHERE ${ofKey} AND status IS NULL`)
  const keyOf = ({ client, route, key }: RequestKey) => ({ client, route, key })
  return {
    claim: atomic(db, ({ notBefore, ...request }) => {
      forget.run(Math.max(notBefore, (edge.get() ?? -1) + 1))
      const row = find.get(keyOf(request))
      if (!row) {
        insert.run(request)
        return { state: 'new' }
      }
      if (row.body_hash !== request.bodyHash) return { state: 'other' }
      return row.status === null ? { state: 'open', owner: row.owner } : { state: 'answered', status: row.status, body: row.answer }
    }),
    answer(request, status, body) {
      answer.run({ ...keyOf(request), status, body })
    },
    release(request) {
      release.run(keyOf(request))
    },
  }
}
