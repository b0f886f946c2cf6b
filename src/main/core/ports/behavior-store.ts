import type { BehaviorPlace, BehaviorVersion } from '#contract/behavior'
import type { Page } from './page'

/** `revision` rises over all profiles. */
export type StoredBehavior = BehaviorVersion & { readonly revision: number }

/** Versions are only ever added. */
export interface BehaviorStore {
  insert(version: BehaviorVersion): void
  newest(place: BehaviorPlace): StoredBehavior | null
  find(place: BehaviorPlace, version: number): StoredBehavior | null
  /** As it was at a moment. */
  atTime(place: BehaviorPlace, at: number): StoredBehavior | null
  /** The newest of every profile. */
  list(): StoredBehavior[]
  history(place: BehaviorPlace, page: { readonly cursor?: string | undefined; readonly limit: number }): Page<StoredBehavior>
}
