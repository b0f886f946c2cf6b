import type { Branch, BranchComparison } from '#contract/checkpoints'
import type { Session } from '#contract/sessions'
import { isAppError } from '../errors'
import type { Interval, StoredCheckpoint } from '../ports/checkpoint-store'
import { getSession } from '../sessions/publish'
import { activePlace, type CheckpointServicePorts } from './checkpoint-service'
import { isFileChange, sumLines } from './line-counter'

const MOST_FILES = 4000

/** One side of a comparison. */
export interface BranchSide {
  readonly checkpoint: StoredCheckpoint
  readonly branchId: string | null
  readonly session: Session
  readonly headId: string
  readonly treeId: string | null
  /** How its files came to be what they are, since the checkpoint. */
  readonly intervals: readonly Interval[]
}

/** `right` null: the session that the branch was made from. Intervals of a folder that both work in count once. */
export async function sidesOf(ports: CheckpointServicePorts, branch: Branch, other: Branch | null) {
  const checkpoint = ports.recorder.get(branch.checkpointId)
  const left = await sideOf(ports, checkpoint, branch)
  const right = await sideOf(ports, checkpoint, other)
  const known = new Set(left.intervals.map(({ position }) => position))
  return { left, right, intervals: [...left.intervals, ...right.intervals.filter(({ position }) => !known.has(position))] }
}

async function sideOf(ports: CheckpointServicePorts, checkpoint: StoredCheckpoint, branch: Branch | null): Promise<BranchSide> {
  const { store } = ports
  const session = getSession(store, branch?.sessionId ?? checkpoint.sessionId)
  const headId = branch?.headId ?? (store.branches.listByOrigin(session.id).find((made) => made.where === 'here' && made.checkpointId === checkpoint.id)?.originHeadId ?? session.activeHeadId)
  const { treeId, interval } = await stateOf(ports, session, headId)
  const since = session.workspaceId === checkpoint.workspaceId ? checkpoint.interval : 0
  const intervals = session.workspaceId === null ? [] : store.intervals.listAfter(session.workspaceId, since, interval)
  return { checkpoint, branchId: branch?.id ?? null, session, headId, treeId, intervals }
}

/** The files of a head: now where it is the active one, else as its newest checkpoint has them. */
async function stateOf({ store, history }: CheckpointServicePorts, session: Session, headId: string): Promise<{ readonly treeId: string | null; readonly interval: number }> {
  if (session.workspaceId === null) return { treeId: null, interval: 0 }
  if (activePlace(session).headId === headId) {
    try {
      return await history.look(session.workspaceId)
    } catch (error) {
      if (!isAppError(error)) throw error
    }
  }
  return store.checkpoints.list(session.id, { limit: 500 }).items.find(({ conversation, files }) => conversation.headId === headId && files === 'kept') ?? { treeId: null, interval: 0 }
}

/** What it said, and what it took. */
export async function describeSide(ports: CheckpointServicePorts, { checkpoint, branchId, session, headId, treeId }: BranchSide): Promise<BranchComparison['left']> {
  const { store } = ports
  const runs = store.runs.listBySession(session.id, 200).filter((run) => run.headId === headId && run.createdAt >= checkpoint.at)
  const newest = session.heads.find(({ id }) => id === headId)?.entryId ?? null
  const answer = newest === null ? null : store.journal.path(newest, 200).findLast(({ payload }) => payload.kind === 'assistant_message' && payload.text !== '')
  const changed = treeId === null || checkpoint.treeId === null ? null : await ports.snapshots.diff(checkpoint.treeId, treeId, MOST_FILES)
  const files = changed?.changes.filter(isFileChange) ?? []
  return {
    branchId, sessionId: session.id, headId, model: session.model, mode: session.mode, status: session.status,
    answer: answer?.payload.kind === 'assistant_message' && answer.runId !== null ? answer.payload.text : null,
    turns: runs.length, costUsd: runs.reduce((sum: number | null, run) => (run.costUsd === null ? sum : (sum ?? 0) + run.costUsd), null),
    tokens: runs.reduce((sum, run) => sum + run.usage.totalTokens, 0),
    durationMs: runs.reduce((sum, run) => sum + (run.startedAt === null ? 0 : Math.max(0, (run.endedAt ?? ports.clock.now()) - run.startedAt)), 0),
    changes: changed && { files: files.length, ...sumLines(await ports.lines.describe(files)) },
  }
}
