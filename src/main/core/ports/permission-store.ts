import type { PermissionRule } from '#contract/permissions'

export interface PermissionRuleStore {
  /** In the order in which they were made. */
  list(): PermissionRule[]
  get(id: string): PermissionRule | null
  put(rule: PermissionRule): void
  /** False when there was none. */
  remove(id: string): boolean
  removeExpired(now: number): number
}
