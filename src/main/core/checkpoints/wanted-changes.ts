import type { ChangeAuthor, FileState } from '#contract/file-changes'
import { AppError, isAppError } from '../errors'
import type { Interval } from '../ports/checkpoint-store'
import type { Snapshots } from '../ports/snapshots'
import { authorsOf } from './authorship'
import type { WantedChange } from './restore-plan'

/** One plan's worth; a folder may have as many files as the settings allow. */
export const MOST_PLANNED = 1_200_000

/** From how it is to a whole state. */
export async function changesTo(snapshots: Snapshots, now: string, target: string): Promise<readonly WantedChange[]> {
  const { changes, damaged } = await snapshots.diff(now, target, MOST_PLANNED)
  if (damaged.includes('')) throw new AppError('CONTENT_DAMAGED', 'The list of files of this checkpoint is damaged on disk. Other checkpoints can still be restored.')
  return changes
}

/** What lies between two states elsewhere, brought to how it is here: where it is neither of the two, someone changed it since. */
export async function changesFrom(snapshots: Snapshots, now: string, expected: string, target: string): Promise<readonly WantedChange[]> {
  const { changes } = await snapshots.diff(expected, target, MOST_PLANNED)
  return threeWay(snapshots, now, changes.map(({ path, before, after }) => ({ path, expected: before, target: after })))
}

export type UndoneAuthor = Pick<ChangeAuthor, 'runId' | 'stepId' | 'restoreId'>

/** The opposite of what matching authors did, path by path: from the state after their last change to the one before their first. */
export async function changesToUndo(snapshots: Snapshots, now: string, intervals: readonly Interval[], isTarget: (author: UndoneAuthor) => boolean): Promise<readonly WantedChange[]> {
  const undone = new Map<string, { expected: FileState | null; readonly target: FileState | null }>()
  for (const interval of intervals) {
    if (!interval.authors.some(isTarget) || interval.fromTree === null) continue
    for (const { path, before, after } of await changesOf(snapshots, interval.fromTree, interval.toTree)) {
      if (!authorsOf([{ ...interval, paths: null }], path).some(isTarget)) continue
      const known = undone.get(path)
      if (known) known.expected = after
      else undone.set(path, { expected: after, target: before })
    }
  }
  return threeWay(snapshots, now, [...undone].map(([path, { expected, target }]) => ({ path, expected, target })))
}

async function changesOf(snapshots: Snapshots, from: string, to: string) {
  try {
    return (await snapshots.diff(from, to, MOST_PLANNED)).changes
  } catch (error) {
    if (isAppError(error) && error.code === 'CONTENT_DAMAGED') throw new AppError('CHECKPOINT_PRUNED', 'What was there before is not kept any more, so this cannot be undone.', { cause: error })
    throw error
  }
}

interface ThreeWay {
  readonly path: string
  readonly expected: FileState | null
  readonly target: FileState | null
}

async function threeWay(snapshots: Snapshots, now: string, paths: readonly ThreeWay[]): Promise<WantedChange[]> {
  const wanted: WantedChange[] = []
  for (const { path, expected, target } of paths) {
    const current = await snapshots.stateAt(now, path)
    if (sameState(current, target)) continue
    const isFolder = current?.kind === 'directory' && target?.kind === 'directory'
    wanted.push({ path, before: current, after: target, unexpected: !isFolder && !sameState(current, expected) })
  }
  return wanted
}

function sameState(left: FileState | null, right: FileState | null): boolean {
  if (!left || !right) return left === right
  return left.kind === right.kind && left.mode === right.mode && (left.kind === 'directory' || left.hash === right.hash)
}
