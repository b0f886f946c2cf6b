import type { RestoreInput, RestoreItem, RevisionItem } from '#contract/checkpoints'

type Choice = 'keep' | 'restore'
export type RestoreChoices = Pick<RestoreInput, 'paths' | 'hunks' | 'conflicts' | 'items'>

/** What a person changed about a preview; everything starts as selected. */
export interface RestoreSelection {
  readonly left: ReadonlySet<string>
  /** Of files that are restored in part: the ids that are wanted. */
  readonly hunks: ReadonlyMap<string, readonly string[]>
  readonly conflicts: ReadonlyMap<string, Choice>
  /** By the id of a task or memory item. */
  readonly items: ReadonlyMap<string, Choice>
}

export const everything: RestoreSelection = { left: new Set(), hunks: new Map(), conflicts: new Map(), items: new Map() }

export function withPath(selection: RestoreSelection, path: string, wanted: boolean): RestoreSelection {
  const left = new Set(selection.left)
  if (wanted) left.delete(path)
  else left.add(path)
  const hunks = new Map(selection.hunks)
  hunks.delete(path)
  return { ...selection, left, hunks }
}

export function withAll(selection: RestoreSelection, items: readonly RestoreItem[], wanted: boolean): RestoreSelection {
  return { ...selection, hunks: new Map(), left: wanted ? new Set() : new Set(items.map((item) => item.path)) }
}

/** All hunks are the whole file, none leaves it out. */
export function withHunk(selection: RestoreSelection, path: string, all: readonly string[], id: string, wanted: boolean): RestoreSelection {
  const before = wantedHunks(selection, path, all)
  const after = all.filter((hunk) => (hunk === id ? wanted : before.includes(hunk)))
  const whole = withPath(selection, path, after.length > 0)
  if (after.length === 0 || after.length === all.length) return whole
  return { ...whole, hunks: new Map(whole.hunks).set(path, after) }
}

/** A hunk of a conflict decides it: that place is replaced, the rest of the file stays unless its hunks are wanted too. */
export function withConflictHunk(selection: RestoreSelection, item: RestoreItem, all: readonly string[], id: string, wanted: boolean): RestoreSelection {
  const { path } = item
  if (item.conflict === null) return withHunk(selection, path, all, id, wanted)
  if (conflictChoice(selection, item) === 'restore') return withHunk(selection, path, all, id, wanted)
  const only = all.length === 1 ? withPath(selection, path, true) : { ...withPath(selection, path, true), hunks: new Map(selection.hunks).set(path, [id]) }
  return withConflict(only, path, 'restore')
}

/** What the picker shows: of a conflict that stays as it is, nothing. */
export function shownHunks(selection: RestoreSelection, item: RestoreItem, all: readonly string[]): readonly string[] {
  return isApplied(selection, item) ? wantedHunks(selection, item.path, all) : []
}

export function wantedHunks(selection: RestoreSelection, path: string, all: readonly string[]): readonly string[] {
  if (selection.left.has(path)) return []
  return selection.hunks.get(path) ?? all
}

export function withConflict(selection: RestoreSelection, path: string, choice: Choice): RestoreSelection {
  return { ...selection, conflicts: new Map(selection.conflicts).set(path, choice) }
}

export function conflictChoice(selection: RestoreSelection, item: RestoreItem): Choice {
  return selection.conflicts.get(item.path) ?? item.conflict?.choice ?? 'restore'
}

export function withItem(selection: RestoreSelection, id: string, choice: Choice): RestoreSelection {
  return { ...selection, items: new Map(selection.items).set(id, choice) }
}

/** What becomes of a task or memory item. */
export function itemChoice(selection: RestoreSelection, item: RevisionItem): Choice {
  return selection.items.get(item.id) ?? item.conflict?.choice ?? 'restore'
}

export function countItems(selection: RestoreSelection, items: readonly RevisionItem[] | null): number {
  return (items ?? []).filter((item) => itemChoice(selection, item) === 'restore').length
}

/** Whether pressing Restore would touch it. */
export function isApplied(selection: RestoreSelection, item: RestoreItem): boolean {
  return !selection.left.has(item.path) && !item.damaged && (item.conflict === null || conflictChoice(selection, item) === 'restore')
}

export interface SelectionCounts {
  readonly writes: number
  readonly deletes: number
  /** Conflicts that stay as they are. */
  readonly kept: number
}

export function countSelection(selection: RestoreSelection, items: readonly RestoreItem[]): SelectionCounts {
  const applied = items.filter((item) => isApplied(selection, item))
  const deletes = applied.filter((item) => item.action === 'delete').length
  const kept = items.filter((item) => !selection.left.has(item.path) && item.conflict !== null && conflictChoice(selection, item) === 'keep')
  return { writes: applied.length - deletes, deletes, kept: kept.length }
}

/** For the server. Without a path left out it names none, so that what a cut-off list does not show is restored as well. */
export function restoreChoice(selection: RestoreSelection, items: readonly RestoreItem[]): RestoreChoices {
  const wanted = items.filter((item) => !selection.left.has(item.path))
  const hunks = wanted.flatMap((item): readonly (readonly [string, string[]])[] => {
    const ids = selection.hunks.get(item.path)
    return ids === undefined || item.action !== 'write' ? [] : [[item.path, [...ids]]]
  })
  const conflicts = wanted.flatMap((item) => (item.conflict === null ? [] : [[item.path, conflictChoice(selection, item)] as const]))
  return {
    ...(wanted.length === items.length ? {} : { paths: wanted.map((item) => item.path) }),
    ...(hunks.length === 0 ? {} : { hunks: Object.fromEntries(hunks) }),
    ...(conflicts.length === 0 ? {} : { conflicts: Object.fromEntries(conflicts) }),
    ...(selection.items.size === 0 ? {} : { items: Object.fromEntries(selection.items) }),
  }
}
