import type { UndoTarget } from '#contract/checkpoints'
import { AppError, assertNever, notFound } from '../errors'
import type { Interval } from '../ports/checkpoint-store'
import { getSession } from '../sessions/publish'
import { authorsByPath } from './authorship'
import type { FolderHistory } from './folder-history'
import type { CheckpointPorts } from './ports'
import { planRestore, type RestoreChoice } from './restore-plan'
import type { Restore } from './restorer'
import { changesToUndo, type UndoneAuthor } from './wanted-changes'

type UndoPorts = Pick<CheckpointPorts, 'store' | 'snapshots'> & { readonly history: FolderHistory }

/** What taking back a turn, a call or a restore would change now. */
export async function planUndo(ports: UndoPorts, target: UndoTarget, choice: RestoreChoice): Promise<Restore> {
  const { store, snapshots, history } = ports
  const { sessionId, label, intervalsIn, isTarget } = find(ports, target)
  const { workspaceId } = getSession(store, sessionId)
  if (workspaceId === null) throw new AppError('CONFLICT', 'This session has no folder: there are no files to undo.')
  const look = await history.look(workspaceId)
  const intervals = intervalsIn(workspaceId, look.interval)
  const wanted = await changesToUndo(snapshots, look.treeId, intervals, isTarget)
  const since = store.intervals.listAfter(workspaceId, intervals[0]?.position ?? 0, look.interval)
  return {
    sessionId, workspaceId, checkpoint: null, parts: ['files'], undo: target, label,
    plan: planRestore({ wanted, authorsOf: authorsByPath(since), sessionId: null, choice }), look, conversation: null, prompt: null,
  }
}

interface Undone {
  readonly sessionId: string
  readonly label: string
  readonly intervalsIn: (workspaceId: string, until: number) => Interval[]
  readonly isTarget: (author: UndoneAuthor) => boolean
}

function find(ports: UndoPorts, target: UndoTarget): Undone {
  if ('restoreId' in target) return findRestore(ports, target.restoreId)
  if ('stepId' in target) {
    const { stepId } = target
    const step = ports.store.steps.get(stepId)
    if (!step) throw notFound('Step', stepId)
    return { ...findRun(ports, step.runId), label: 'Undo a call', isTarget: (author) => author.stepId === stepId }
  }
  if ('runId' in target) return findRun(ports, target.runId)
  return assertNever(target)
}

function findRun({ store }: UndoPorts, runId: string): Undone {
  const run = store.runs.get(runId)
  if (!run) throw notFound('Run', runId)
  return {
    sessionId: run.sessionId, label: `Undo the turn "${run.text}"`,
    intervalsIn: (workspaceId) => store.intervals.listByRun(workspaceId, runId, run.createdAt),
    isTarget: (author) => author.runId === runId,
  }
}

function findRestore({ store }: UndoPorts, restoreId: string): Undone {
  const restore = store.restores.get(restoreId)
  if (!restore) throw notFound('Restore', restoreId)
  const before = store.checkpoints.get(restore.redoCheckpointId)
  return {
    sessionId: restore.sessionId, label: `Redo: ${restore.label.replace(/^((Redo|Take back): )+/, '')}`,
    intervalsIn: (workspaceId, until) => store.intervals.listAfter(workspaceId, before?.interval ?? 0, until),
    isTarget: (author) => author.restoreId === restoreId,
  }
}
