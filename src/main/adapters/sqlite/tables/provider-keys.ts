import type { Database } from 'better-sqlite3'
import type { KeyChoice, ProviderKeyRow, ProviderKeyStore } from '#core/ports/provider-key-store'

interface Row {
  readonly id: string
  readonly provider: string
  readonly name: string
  readonly secret: string
  readonly stands_in: number
  readonly created_at: number
}

const columns = 'id, provider, name, secret, stands_in, created_at'

export function createProviderKeyStore(db: Database): ProviderKeyStore {
  const all = db.prepare<[], Row>(`SELECT ${columns} FROM provider_keys ORDER BY position`)
  const ofProvider = db.prepare<[string], Row>(`SELECT ${columns} FROM provider_keys WHERE provider = ? ORDER BY position`)
  const insert = db.prepare(`INSERT INTO provider_keys (${columns}) VALUES (@id, @provider, @name, @secret, @standsIn, @createdAt) ON CONFLICT (secret) DO NOTHING`)
  const patch = db.prepare('UPDATE provider_keys SET name = coalesce(@name, name), stands_in = coalesce(@standsIn, stands_in) WHERE id = @id')
  const remove = db.prepare<[string]>('DELETE FROM provider_keys WHERE id = ?')
  const unchoose = db.prepare<[string]>('DELETE FROM provider_key_choices WHERE key_id = ?')
  const choices = db.prepare<[string], KeyChoice>('SELECT provider, workspace_id AS workspaceId, key_id AS keyId FROM provider_key_choices WHERE provider = ? ORDER BY rowid')
  const giveUp = db.prepare<[string, string]>("DELETE FROM provider_key_choices WHERE provider = ? AND coalesce(workspace_id, '') = ?")
  const choose = db.prepare<[string, string | null, string]>('INSERT INTO provider_key_choices (provider, workspace_id, key_id) VALUES (?, ?, ?)')
  return {
    list: (provider) => (provider === null ? all.all() : ofProvider.all(provider)).map(toRow),
    insert: (row) => {
      insert.run({ ...row, standsIn: Number(row.standsIn) })
    },
    patch: (id, { name, standsIn }) => {
      patch.run({ id, name: name ?? null, standsIn: standsIn === undefined ? null : Number(standsIn) })
    },
    remove: (id) => {
      db.transaction(() => {
        remove.run(id)
        unchoose.run(id)
      })()
    },
    choices: (provider) => choices.all(provider),
    choose: (provider, workspaceId, keyId) => {
      db.transaction(() => {
        giveUp.run(provider, workspaceId ?? '')
        if (keyId !== null) choose.run(provider, workspaceId, keyId)
      })()
    },
  }
}

function toRow({ stands_in: standsIn, created_at: createdAt, ...row }: Row): ProviderKeyRow {
  return { ...row, standsIn: standsIn === 1, createdAt }
}
