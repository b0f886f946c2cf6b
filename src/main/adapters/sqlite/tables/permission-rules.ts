import type { Database } from 'better-sqlite3'
import { PermissionRuleSchema, type PermissionRule } from '#contract/permissions'
import type { PermissionRuleStore } from '#core/ports/permission-store'

interface RuleRow {
  readonly id: string
  readonly rule: string
  readonly created_at: number
  readonly expires_at: number | null
}

const columns = 'id, rule, created_at, expires_at'

export function createPermissionRuleStore(db: Database): PermissionRuleStore {
  const list = db.prepare<[], RuleRow>(`SELECT ${columns} FROM permission_rules ORDER BY position`)
  const get = db.prepare<[string], RuleRow>(`SELECT ${columns} FROM permission_rules WHERE id = ?`)
  const put = db.prepare(`INSERT INTO permission_rules (${columns}) VALUES (@id, @rule, @createdAt, @expiresAt)
    ON CONFLICT (id) DO UPDATE SET rule = excluded.rule, expires_at = excluded.expires_at`)
  const remove = db.prepare<[string]>('DELETE FROM permission_rules WHERE id = ?')
  const removeExpired = db.prepare<[number]>('DELETE FROM permission_rules WHERE expires_at <= ?')
  return {
    list: () => list.all().map(toRule),
    get: (id) => {
      const row = get.get(id)
      return row ? toRule(row) : null
    },
    put: ({ id, createdAt, expiresAt, ...rule }) => {
      put.run({ id, createdAt, expiresAt, rule: JSON.stringify(rule) })
    },
    remove: (id) => remove.run(id).changes === 1,
    removeExpired: (now) => removeExpired.run(now).changes,
  }
}

function toRule(row: RuleRow): PermissionRule {
  const rule: unknown = JSON.parse(row.rule)
  return PermissionRuleSchema.parse({ ...(typeof rule === 'object' ? rule : {}), id: row.id, createdAt: row.created_at, expiresAt: row.expires_at })
}
