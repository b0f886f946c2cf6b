import type { Database } from 'better-sqlite3'
import { AccessScopeSchema } from '#contract/access'
import type { AccessTokenRow, AccessTokenStore } from '#core/ports/access-store'

interface TokenRow {
  readonly id: string
  readonly name: string
  readonly scope: string
  readonly created_at: number
  readonly expires_at: number | null
}

const columns = 'id, name, scope, created_at, expires_at'

export function createAccessTokenStore(db: Database): AccessTokenStore {
  const list = db.prepare<[], TokenRow>(`SELECT ${columns} FROM access_tokens ORDER BY position`)
  const find = db.prepare<[string], TokenRow>(`SELECT ${columns} FROM access_tokens WHERE hash = ?`)
  const insert = db.prepare(`INSERT INTO access_tokens (${columns}, hash) VALUES (@id, @name, @scope, @createdAt, @expiresAt, @hash)`)
  const remove = db.prepare<[string]>('DELETE FROM access_tokens WHERE id = ?')
  const removeExpired = db.prepare<[number], TokenRow>(`DELETE FROM access_tokens WHERE expires_at <= ? RETURNING ${columns}`)
  return {
    list: () => list.all().map(toToken),
    find: (hash) => {
      const row = find.get(hash)
      return row ? toToken(row) : null
    },
    insert: (token, hash) => {
      insert.run({ ...token, hash })
    },
    remove: (id) => remove.run(id).changes === 1,
    removeExpired: (now) => removeExpired.all(now).map(toToken),
  }
}

function toToken({ id, name, scope, created_at: createdAt, expires_at: expiresAt }: TokenRow): AccessTokenRow {
  return { id, name, scope: AccessScopeSchema.parse(scope), createdAt, expiresAt }
}
