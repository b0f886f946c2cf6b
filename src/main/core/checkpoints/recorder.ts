import type { Checkpoint, CheckpointKind } from '#contract/checkpoints'
import type { Coverage } from '#contract/file-changes'
import { notFound } from '../errors'
import type { Emit, EventSource } from '../events/event-stream'
import type { StoredCheckpoint } from '../ports/checkpoint-store'
import type { Look } from './folder-history'
import type { CheckpointPorts } from './ports'

const LONGEST_TITLE = 120

export interface NewCheckpoint {
  readonly sessionId: string
  readonly workspaceId: string | null
  readonly kind: CheckpointKind
  readonly title: string
  readonly look: Look | null
  readonly conversation: StoredCheckpoint['conversation']
  readonly prompt?: string | null
  readonly pinned?: boolean
  readonly runId?: string | null
  readonly stepId?: string | null
  readonly callId?: string | null
  readonly costUsd?: number | null
  readonly commands?: number
  readonly restore?: StoredCheckpoint['restore']
}

export interface Recorder {
  /** On disk when it returns; the session then stands here. */
  record(checkpoint: NewCheckpoint, source: EventSource): StoredCheckpoint
  change(id: string, patch: Parameters<CheckpointPorts['store']['checkpoints']['patch']>[1], source: EventSource): StoredCheckpoint
  remove(ids: readonly string[], source: EventSource): void
  get(id: string): StoredCheckpoint
  tell(emit: Emit, id: string, source: EventSource): void
}

const noFiles: Coverage = { scan: 'none', scanReason: null, files: 0, bytes: 0, counts: {}, paths: [], commands: 0 }

export function createRecorder({ store, events, clock, newId, parts }: CheckpointPorts): Recorder {
  const get = (id: string) => {
    const checkpoint = store.checkpoints.get(id)
    if (!checkpoint) throw notFound('Checkpoint', id)
    return checkpoint
  }
  const tell = (emit: Emit, id: string, source: EventSource) => {
    const checkpoint = get(id)
    emit({ topic: 'checkpoint.update', payload: { checkpoint: present(checkpoint), current: store.checkpoints.current(checkpoint.sessionId) === id } }, source)
  }
  return {
    get, tell,
    record: (input, source) => events.transact((emit) => {
      const { look, workspaceId, sessionId } = input
      const checkpoint: StoredCheckpoint = {
        id: newId(), sessionId, workspaceId, kind: input.kind, title: shorten(input.title), at: clock.now(), pinned: input.pinned ?? false,
        parentId: store.checkpoints.current(sessionId), runId: input.runId ?? null, stepId: input.stepId ?? null, callId: input.callId ?? null,
        files: look ? 'kept' : 'none', treeId: look?.treeId ?? null, interval: look?.interval ?? 0, conversation: input.conversation,
        memoryRevision: parts.memory?.revision(input) ?? null, taskRevision: parts.tasks?.revision(input) ?? null,
        restore: input.restore ?? null, prompt: input.prompt ?? null, changes: null, costUsd: input.costUsd ?? null, storedBytes: look?.storedBytes ?? 0,
        coverage: look ? { ...look.coverage, commands: input.commands ?? 0 } : noFiles,
      }
      store.checkpoints.insert(checkpoint)
      store.checkpoints.setCurrent(sessionId, checkpoint.id)
      tell(emit, checkpoint.id, source)
      return checkpoint
    }),
    change: (id, patch, source) => events.transact((emit) => {
      store.checkpoints.patch(id, patch)
      tell(emit, id, source)
      return get(id)
    }),
    remove: (ids, source) => events.transact((emit) => {
      for (const id of ids) {
        const checkpoint = store.checkpoints.get(id)
        if (!checkpoint) continue
        store.checkpoints.remove(id)
        emit({ topic: 'checkpoint.removed', payload: { sessionId: checkpoint.sessionId, checkpointIds: [id] } }, source)
      }
    }),
  }
}

/** As others see it: without what only we need, and with the counts of what is not covered instead of its list. */
export function present({ prompt: _prompt, interval: _interval, coverage, ...checkpoint }: StoredCheckpoint): Checkpoint {
  const { scan, scanReason, counts, commands } = coverage
  return { ...checkpoint, coverage: { scan, scanReason, counts, commands } }
}

function shorten(title: string): string {
  const line = title.replace(/\s+/g, ' ').trim()
  return line.length > LONGEST_TITLE ? `${line.slice(0, LONGEST_TITLE - 1)}…` : line
}
