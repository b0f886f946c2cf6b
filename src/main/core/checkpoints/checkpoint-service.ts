import type { CheckpointDetail, CheckpointPart, RestoreInput, RestorePreview, RestoreResult, UndoTarget } from '#contract/checkpoints'
import type { FileDiff } from '#contract/file-changes'
import type { Session } from '#contract/sessions'
import { AppError, isAppError, notFound } from '../errors'
import type { EventSource } from '../events/event-stream'
import type { StoredCheckpoint } from '../ports/checkpoint-store'
import { getSession } from '../sessions/publish'
import { authorsByPath } from './authorship'
import type { Comparer } from './compare'
import type { FolderHistory, Look } from './folder-history'
import type { LineCounter } from './line-counter'
import type { CheckpointPorts } from './ports'
import { present, type Recorder } from './recorder'
import { chosenIds, planParts } from './restore-parts'
import { planRestore, type RestoreChoice } from './restore-plan'
import type { Restore, Restorer } from './restorer'
import { planUndo } from './undo-plan'
import { changesTo } from './wanted-changes'

export interface CheckpointService {
  create(sessionId: string, options: { readonly name?: string | undefined; readonly pinned: boolean }, traceId: string): Promise<StoredCheckpoint>
  detail(id: string): CheckpointDetail
  preview(id: string, input: RestoreInput): Promise<RestorePreview>
  restore(id: string, input: RestoreInput, traceId: string): Promise<RestoreResult>
  previewUndo(target: UndoTarget, choice: RestoreChoice): Promise<RestorePreview>
  /** One file of it, from now to how it would be. */
  undoFileDiff(target: UndoTarget, path: string): Promise<FileDiff>
  undo(target: UndoTarget, choice: RestoreChoice, traceId: string): Promise<RestoreResult>
}

export interface CheckpointServicePorts extends CheckpointPorts {
  readonly history: FolderHistory
  readonly recorder: Recorder
  readonly restorer: Restorer
  readonly lines: LineCounter
  readonly comparer: Comparer
}

export function createCheckpointService(ports: CheckpointServicePorts): CheckpointService {
  const { store, recorder, restorer, lines } = ports
  const sourceOf = (sessionId: string, traceId: string): EventSource => ({ sessionId, runId: null, traceId })
  return {
    create: async (sessionId, { name, pinned }, traceId) => {
      const session = getSession(store, sessionId)
      const look = await lookIfThere(ports, session)
      const checkpoint = recorder.record({
        sessionId, workspaceId: session.workspaceId, kind: 'named', title: name ?? 'Checkpoint', pinned, look, conversation: activePlace(session), costUsd: session.costUsd,
      }, sourceOf(sessionId, traceId))
      await lines.count(checkpoint.id, sourceOf(sessionId, traceId)).catch((error: unknown) => { ports.logger.warn('checkpoint.not_counted', { error }) })
      return recorder.get(checkpoint.id)
    },
    detail: (id) => {
      const checkpoint = recorder.get(id)
      return { ...present(checkpoint), coverage: checkpoint.coverage, prompt: checkpoint.prompt, restores: [...store.restores.listByCheckpoint(id)] }
    },
    preview: async (id, input) => restorer.preview(await toCheckpoint(ports, recorder.get(id), input)),
    restore: async (id, input, traceId) => {
      const checkpoint = recorder.get(id)
      const plans = planParts(ports.parts, checkpoint, partsOf(checkpoint, input), input)
      // What is to be stopped is decided before it is: from then on it has changed.
      const chosen = plans.map((plan) => ({ part: plan.part, ids: chosenIds(plan, input) }))
      restorer.assertIdle(getSession(store, checkpoint.sessionId), chosen.flatMap(({ part, ids }) => ports.parts[part]?.sessionsAtWork(ids) ?? []))
      for (const { part, ids } of chosen) await ports.parts[part]?.stop(ids, traceId)
      return restorer.apply({ ...await toCheckpoint(ports, checkpoint, input), revisions: chosen }, input, sourceOf(checkpoint.sessionId, traceId))
    },
    previewUndo: async (target, choice) => restorer.preview(await planUndo(ports, target, choice)),
    undoFileDiff: async (target, path) => fileDiffOf(ports, await planUndo(ports, target, { paths: [path] }), path),
    undo: async (target, choice, traceId) => {
      const restore = await planUndo(ports, target, choice)
      restorer.assertIdle(getSession(store, restore.sessionId))
      return restorer.apply(restore, choice, sourceOf(restore.sessionId, traceId))
    },
  }
}

export function activePlace(session: Session): StoredCheckpoint['conversation'] {
  return { headId: session.activeHeadId, entryId: session.heads.find(({ id }) => id === session.activeHeadId)?.entryId ?? null }
}

/** Null without a folder. A folder that is gone leaves a checkpoint of the rest. */
async function lookIfThere({ history }: CheckpointServicePorts, session: Session): Promise<Look | null> {
  if (session.workspaceId === null) return null
  try {
    return await history.look(session.workspaceId)
  } catch (error) {
    if (isAppError(error) && error.code === 'WORKSPACE_UNAVAILABLE') return null
    throw error
  }
}

/** A restore of the state before a restore takes that one back. */
function labelOf({ kind, title }: StoredCheckpoint): string {
  return kind === 'before_restore' ? `Take back: ${title.replace(/^(Take back: )+/, '')}` : `Restore "${title}"`
}

/** What a restore of a checkpoint would do now. */
export async function toCheckpoint(ports: CheckpointServicePorts, checkpoint: StoredCheckpoint, input: RestoreInput): Promise<Restore> {
  const parts = partsOf(checkpoint, input)
  const files = parts.includes('files') ? await planFiles(ports, checkpoint, input) : null
  // Without the files' part the redo checkpoint has them all the same.
  const look = files?.look ?? await lookIfThere(ports, getSession(ports.store, checkpoint.sessionId))
  const conversation = parts.includes('conversation') ? { entryId: checkpoint.conversation.entryId } : null
  return {
    sessionId: checkpoint.sessionId, workspaceId: checkpoint.workspaceId, checkpoint, parts, undo: null, label: labelOf(checkpoint),
    plan: files?.plan ?? null, look, conversation, partPlans: planParts(ports.parts, checkpoint, parts, input), prompt: conversation ? checkpoint.prompt : null,
  }
}

function partsOf(checkpoint: StoredCheckpoint, { parts }: RestoreInput): readonly CheckpointPart[] {
  const missing: Readonly<Record<CheckpointPart, string | null>> = {
    files: checkpoint.files === 'kept' ? null : checkpoint.files === 'pruned' ? 'its files are not kept any more' : 'it has no files',
    conversation: null,
    memory: checkpoint.memoryRevision === null ? 'it has no memory' : null,
    tasks: checkpoint.taskRevision === null ? 'it has no tasks' : null,
  }
  const all = (['files', 'conversation', 'memory', 'tasks'] as const).filter((part) => missing[part] === null)
  const lacking = parts?.find((part) => missing[part] !== null)
  if (lacking) {
    const code = lacking === 'files' && checkpoint.files === 'pruned' ? 'CHECKPOINT_PRUNED' : 'CONFLICT'
    throw new AppError(code, `The ${lacking} of this checkpoint cannot be restored: ${missing[lacking] ?? ''}. Leave it out to restore the rest.`)
  }
  return parts ? [...new Set(parts)] : all
}

async function planFiles({ store, snapshots, history }: CheckpointServicePorts, checkpoint: StoredCheckpoint, choice: RestoreChoice) {
  if (checkpoint.workspaceId === null || checkpoint.treeId === null) throw new Error(`checkpoint ${checkpoint.id} has no files`)
  const look = await history.look(checkpoint.workspaceId)
  const intervals = store.intervals.listAfter(checkpoint.workspaceId, checkpoint.interval, look.interval)
  const wanted = await changesTo(snapshots, look.treeId, checkpoint.treeId)
  return { look, plan: planRestore({ wanted, authorsOf: authorsByPath(intervals), sessionId: checkpoint.sessionId, choice }) }
}

/** From what is there now to what would be: its hunks are those that a restore can choose from. */
export async function fileDiffOf({ comparer }: Pick<CheckpointServicePorts, 'comparer'>, { plan }: Restore, path: string): Promise<FileDiff> {
  const item = plan?.items.find((planned) => planned.path === path)
  if (!item) throw notFound('Change of the file', path)
  return comparer.describeFile(item, item.authors)
}
