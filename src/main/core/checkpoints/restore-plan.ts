import type { RestoreChoiceSchema, RestoreItem } from '#contract/checkpoints'
import type { FileChange } from '#contract/file-changes'
import type { z } from 'zod'
import type { TreeChange } from '../ports/snapshots'
import { covers, isForeign } from './authorship'
import { isFileChange } from './line-counter'

export type RestoreChoice = z.infer<typeof RestoreChoiceSchema>

/** A path as it is and as it should become. */
export interface WantedChange extends TreeChange {
  /** Not what it was expected to be: someone changed it since. */
  readonly unexpected?: boolean
}

export interface RestorePlan {
  readonly items: readonly PlannedItem[]
  /** Files and folders, without what is kept. */
  readonly changes: readonly TreeChange[]
  /** Conflicts that stay as they are. */
  readonly kept: readonly string[]
}

export type PlannedItem = Pick<RestoreItem, 'path' | 'before' | 'after' | 'action' | 'conflict' | 'authors'>

export interface PlanInput {
  readonly wanted: readonly WantedChange[]
  readonly authorsOf: (path: string) => FileChange['authors']
  /** Whose agent's work may be taken back without asking. Null: what is unexpected alone is a conflict. */
  readonly sessionId: string | null
  readonly choice: RestoreChoice
}

/**
 * Which files a restore writes and deletes, and which it leaves because someone else changed them. Never touches what
 * the wanted state does not cover, and never replaces what checkpoints do not cover now.
 */
export function planRestore({ wanted, authorsOf, sessionId, choice }: PlanInput): RestorePlan {
  const items: PlannedItem[] = []
  const changes: TreeChange[] = []
  const kept: string[] = []
  const chosen = wanted.filter(({ path }) => !choice.paths || choice.paths.some((picked) => covers(picked, path)))
  for (const change of chosen) {
    if (!isFileChange(change) || change.after?.kind === 'not_covered') continue
    const authors = authorsOf(change.path)
    const conflict = conflictOf(change, authors, sessionId, choice)
    items.push({ path: change.path, before: change.before, after: change.after, action: actionOf(change), conflict, authors })
    if (conflict?.choice === 'keep') kept.push(change.path)
    else changes.push(bare(change))
  }
  return { items, kept, changes: [...changes, ...foldersFor(wanted, chosen, changes)] }
}

function conflictOf(change: WantedChange, authors: FileChange['authors'], sessionId: string | null, choice: RestoreChoice): RestoreItem['conflict'] {
  if (change.before?.kind === 'not_covered') {
    return { reason: 'not_covered', text: 'What is there now is not covered by checkpoints, so it could not be brought back. It stays.', choice: 'keep' }
  }
  const foreign = sessionId !== null && isForeign(authors, sessionId)
  if (!change.unexpected && !foreign) return null
  return { reason: 'changed_since', text: explain(authors), choice: choice.conflicts?.[change.path] ?? 'keep' }
}

function explain(authors: FileChange['authors']): string {
  const last = authors.at(-1)
  return last ? `Changed since by ${last.kind === 'person' ? 'you or another program' : last.label}.` : 'Changed since; by whom is not known.'
}

function actionOf({ before, after }: TreeChange): RestoreItem['action'] {
  if (!after) return 'delete'
  return before ? 'write' : 'create'
}

function bare({ path, before, after }: TreeChange): TreeChange {
  return { path, before, after }
}

/** Folders of what is written, and those that were chosen; a folder is only removed when nothing is in it any more. */
function foldersFor(wanted: readonly WantedChange[], chosen: readonly WantedChange[], changes: readonly TreeChange[]): TreeChange[] {
  const written = new Set(changes.flatMap(({ path, after }) => (after ? foldersAbove(path) : [])))
  const picked = new Set(chosen.map(({ path }) => path))
  return wanted.filter((change) => !isFileChange(change) && (picked.has(change.path) || (change.after !== null && written.has(change.path)))).map(bare)
}

function foldersAbove(path: string): string[] {
  const names = path.split('/')
  return names.slice(0, -1).map((_name, index) => names.slice(0, index + 1).join('/'))
}
