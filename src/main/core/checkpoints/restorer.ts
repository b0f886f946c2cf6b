import type { CheckpointPart, RestoreItem, RestorePreview, RestoreResult, UndoTarget } from '#contract/checkpoints'
import type { Session } from '#contract/sessions'
import { AppError } from '../errors'
import type { EventSource } from '../events/event-stream'
import type { StoredCheckpoint, StoredRestore } from '../ports/checkpoint-store'
import { getSession, tellSession } from '../sessions/publish'
import { toFileChange } from './compare'
import type { FolderHistory, Look } from './folder-history'
import type { LineCounter } from './line-counter'
import type { CheckpointPorts } from './ports'
import type { Recorder } from './recorder'
import { type PartPlan, restoreParts } from './restore-parts'
import type { PlannedItem, RestoreChoice, RestorePlan } from './restore-plan'
import { applyHunks, toText } from './text-diff'

const MOST_SHOWN = 5000
const MOST_CHECKED = 2000
/** More than there are in a millisecond. */
const MOST_TURNS = 5000
const LONGEST_MERGED = 4 * 1024 * 1024

/** What is about to be restored, whatever it comes from: a checkpoint, an undo, a branch. */
export interface Restore {
  readonly sessionId: string
  readonly workspaceId: string | null
  readonly checkpoint: StoredCheckpoint | null
  readonly parts: readonly CheckpointPart[]
  /** What it takes back, when it is an undo. */
  readonly undo: UndoTarget | null
  readonly label: string
  readonly plan: RestorePlan | null
  readonly look: Look | null
  readonly conversation: { readonly entryId: string | null } | null
  /** What it would do to parts that keep revisions. */
  readonly partPlans?: readonly PartPlan[]
  /** What of them goes back. */
  readonly revisions?: StoredRestore['revisions']
  readonly prompt: string | null
}

export interface Restorer {
  preview(restore: Restore): Promise<RestorePreview>
  apply(restore: Restore, choice: RestoreChoice, source: EventSource): Promise<RestoreResult>
  /** Finishes what an earlier process had begun. */
  recover(traceId: string): Promise<void>
  /** Throws AppError CONFLICT while a turn works in the session, or in its folder; `stopping`: sessions whose work is about to be stopped. */
  assertIdle(session: Session, stopping?: readonly string[]): void
}

export type RestorerPorts = CheckpointPorts & { readonly history: FolderHistory; readonly recorder: Recorder; readonly lines: LineCounter }

export function createRestorer(ports: RestorerPorts): Restorer {
  const busy = new Set<string>()
  return {
    preview: (restore) => preview(ports, restore),
    apply: async (restore, choice, source) => {
      const key = restore.workspaceId ?? restore.sessionId
      if (busy.has(key)) throw new AppError('CONFLICT', 'Another restore is at work in this folder. Wait for its end.')
      busy.add(key)
      try {
        return await begin(ports, restore, choice, source)
      } finally {
        busy.delete(key)
      }
    },
    recover: async (traceId) => {
      for (const restore of ports.store.restores.listUnfinished()) {
        const source = { sessionId: restore.sessionId, runId: null, traceId }
        try {
          await carryOut(ports, restore, source)
        } catch (error) {
          // The folder is not there: it is tried again at the next start, and nothing else is held up.
          ports.logger.warn('restore.not_finished', { restoreId: restore.id, error })
        }
      }
    },
    assertIdle: (session, stopping = []) => { assertIdle(ports, session, busy, stopping) },
  }
}

function assertIdle({ store }: CheckpointPorts, session: Session, busy: ReadonlySet<string>, stopping: readonly string[]): void {
  if (busy.has(session.workspaceId ?? session.id)) throw new AppError('CONFLICT', 'Another restore is at work in this folder. Wait for its end.')
  for (const run of store.runs.listInStates(['running', 'waiting'])) {
    if (run.sessionId === session.id) throw new AppError('CONFLICT', 'A turn is running in this session. Stop it before you restore.')
    if (stopping.includes(run.sessionId)) continue
    const other = store.sessions.get(run.sessionId)
    if (run.state === 'running' && session.workspaceId !== null && other?.workspaceId === session.workspaceId) {
      throw new AppError('CONFLICT', `Another session ("${other.title}") is working in this folder. Stop it before you restore.`)
    }
  }
}

async function preview(ports: RestorerPorts, restore: Restore): Promise<RestorePreview> {
  const { plan } = restore
  return {
    checkpointId: restore.checkpoint?.id ?? null, parts: [...restore.parts],
    files: plan && await previewFiles(ports, plan),
    conversation: restore.conversation && { entryId: restore.conversation.entryId, leaves: entriesLeft(ports, restore), prompt: restore.prompt },
    memory: itemsOf(restore, 'memory'), tasks: itemsOf(restore, 'tasks'),
    notCovered: plan && restore.checkpoint ? restore.checkpoint.coverage : null,
  }
}

function itemsOf({ partPlans }: Restore, part: PartPlan['part']): RestorePreview['tasks'] {
  const items = partPlans?.find((plan) => plan.part === part)?.items
  return items ? [...items] : null
}

async function previewFiles({ snapshots, lines }: RestorerPorts, { items }: RestorePlan): Promise<RestorePreview['files']> {
  const hashes = items.slice(0, MOST_CHECKED).flatMap(({ after }) => (after?.hash ? [after.hash] : []))
  const damaged = new Set(await snapshots.findDamaged(hashes))
  const isDamaged = (item: PlannedItem) => item.after?.hash !== undefined && item.after?.hash !== null && damaged.has(item.after.hash)
  const shown = items.slice(0, MOST_SHOWN)
  const described = await lines.describe(shown)
  const willHappen = items.filter(({ conflict }) => conflict?.choice !== 'keep')
  return {
    items: shown.map((item, index): RestoreItem => ({ ...toFileChange(item, described[index], item.authors), action: item.action, conflict: item.conflict, damaged: isDamaged(item) })),
    writes: willHappen.filter(({ action }) => action !== 'delete').length,
    deletes: willHappen.filter(({ action }) => action === 'delete').length,
    conflicts: items.filter(({ conflict }) => conflict !== null).length,
    damaged: items.filter(isDamaged).length,
    truncated: items.length > shown.length,
  }
}

function entriesLeft({ store }: CheckpointPorts, { sessionId, conversation }: Restore): number {
  const session = getSession(store, sessionId)
  const newest = session.heads.find(({ id }) => id === session.activeHeadId)?.entryId ?? null
  const path = newest === null ? [] : store.journal.path(newest)
  const index = path.findIndex(({ id }) => id === conversation?.entryId)
  return path.length - 1 - index
}

/** The redo checkpoint and the whole plan are on disk before the first file is touched. */
async function begin(ports: RestorerPorts, restore: Restore, choice: RestoreChoice, source: EventSource): Promise<RestoreResult> {
  const { store, events, audit, recorder, newId, clock } = ports
  const changes = restore.plan ? await withHunks(ports, restore.plan, choice) : []
  const session = getSession(store, restore.sessionId)
  const head = session.heads.find(({ id }) => id === session.activeHeadId)
  const id = newId()
  const checkpointId = restore.checkpoint?.id ?? null
  const whole = restore.checkpoint !== null && restore.parts.includes('files') && restore.parts.includes('conversation') && !choice.paths && !choice.hunks
  const stored = events.transact((): StoredRestore => {
    const redo = recorder.record({
      sessionId: session.id, workspaceId: restore.workspaceId, kind: 'before_restore', title: restore.label, look: restore.look,
      conversation: { headId: session.activeHeadId, entryId: head?.entryId ?? null }, restore: { id, checkpointId, undo: restore.undo, changes: changes.length },
    }, source)
    const row: StoredRestore = {
      id, sessionId: session.id, workspaceId: restore.workspaceId, checkpointId, redoCheckpointId: redo.id,
      state: 'applying', at: clock.now(), changes, conversation: restore.conversation, currentId: whole && checkpointId !== null ? checkpointId : redo.id,
      label: restore.label, revisions: restore.revisions ?? [],
    }
    store.restores.insert(row)
    audit.append({ kind: 'restore', severity: 'medium', title: `Restored: ${restore.label}`, content: { restoreId: id, checkpointId, parts: restore.parts, files: changes.length } }, source)
    return row
  })
  const { failed, headId, items } = await carryOut(ports, stored, source)
  const isFailed = new Set(failed.map(({ path }) => path))
  const done = (restore.plan?.items ?? []).filter(({ path, conflict }) => conflict?.choice !== 'keep' && !isFailed.has(path))
  return {
    restoreId: stored.id, restoredCheckpointId: stored.checkpointId, redoCheckpointId: stored.redoCheckpointId,
    written: done.filter(({ action }) => action !== 'delete').length, deleted: done.filter(({ action }) => action === 'delete').length,
    items, kept: [...(restore.plan?.kept ?? [])], failed: [...failed], headId, prompt: restore.conversation ? restore.prompt : null,
  }
}

/** A file of which only some hunks are wanted becomes something new: it is stored first. */
async function withHunks({ snapshots }: RestorerPorts, { changes }: RestorePlan, { hunks }: RestoreChoice): Promise<StoredRestore['changes']> {
  if (!hunks) return changes
  const read = async (hash: string | null | undefined) => {
    const bytes = hash ? await snapshots.read(hash, LONGEST_MERGED) : null
    return bytes && toText(bytes)
  }
  return Promise.all(changes.map(async (change) => {
    const ids = hunks[change.path]
    if (!ids) return change
    const [before, after] = [await read(change.before?.hash), await read(change.after?.hash)]
    if (before === null || after === null || !change.after) throw new AppError('INVALID_PARAMETERS', `${change.path} has no hunks to choose from; restore it whole or not at all.`)
    const bytes = new TextEncoder().encode(applyHunks(before, after, new Set(ids)))
    return { ...change, after: { ...change.after, mode: change.before?.mode ?? change.after.mode, bytes: bytes.length, hash: await snapshots.store(bytes) } }
  }))
}

/** From the row on; safe to do again. */
async function carryOut(ports: RestorerPorts, restore: StoredRestore, source: EventSource) {
  const { store, events, snapshots, history, recorder, clock, newId } = ports
  const total = restore.changes.length
  const tell = (state: 'applying' | 'completed', done: number) => events.transact((emit) => {
    emit({ topic: 'checkpoint.restore', payload: { restoreId: restore.id, sessionId: restore.sessionId, checkpointId: restore.checkpointId, redoCheckpointId: restore.redoCheckpointId, state, done, total } }, source)
  })
  const root = restore.workspaceId === null ? null : (store.workspaces.get(restore.workspaceId)?.path ?? null)
  let failed: RestoreResult['failed'] = []
  if (restore.workspaceId !== null && root !== null && total > 0) {
    const end = history.begin(restore.workspaceId, { kind: 'restore', sessionId: restore.sessionId, runId: null, stepId: null, restoreId: restore.id, label: restore.label, paths: restore.changes.map(({ path }) => path) })
    try {
      const onProgress = everySecond(clock, (done) => { tell('applying', done) })
      failed = [...(await snapshots.apply(root, restore.id, restore.changes, onProgress)).failed]
    } finally {
      end()
    }
    await history.look(restore.workspaceId)
  }
  if (restore.revisions.length > 0) await laterThan(clock, store.checkpoints.get(restore.redoCheckpointId)?.at ?? 0)
  const ended = events.transact((emit) => {
    const headId = restore.conversation ? moveConversation(ports, restore, newId(), emit, source) : null
    const checkpoint = restore.checkpointId === null ? null : store.checkpoints.get(restore.checkpointId)
    const items = restoreParts(ports.parts, checkpoint, restore, source.traceId, emit)
    store.restores.finish(restore.id, 'completed')
    store.checkpoints.setCurrent(restore.sessionId, restore.currentId)
    if (store.checkpoints.get(restore.currentId)) recorder.tell(emit, restore.currentId, source)
    tell('completed', total)
    return { headId, items }
  })
  return { failed, ...ended }
}

/** A head of its own at the restored entry: what came after it stays reachable. */
function moveConversation({ store, clock }: CheckpointPorts, { sessionId, conversation }: StoredRestore, headId: string, emit: Parameters<typeof tellSession>[1], source: EventSource): string {
  const session = getSession(store, sessionId)
  const entryId = conversation?.entryId ?? null
  const there = session.heads.find((head) => head.entryId === entryId)
  if (!there) store.sessions.insertHead(sessionId, { id: headId, entryId, createdAt: clock.now() })
  store.sessions.patch(sessionId, { activeHeadId: there?.id ?? headId, updatedAt: clock.now() })
  tellSession(store, emit, sessionId, source)
  return there?.id ?? headId
}

/** Parts that know what they were by the time tell the restore from the checkpoint before it. */
async function laterThan(clock: CheckpointPorts['clock'], at: number): Promise<void> {
  for (let turn = 0; turn < MOST_TURNS && clock.now() <= at; turn += 1) await clock.turn()
}

function everySecond(clock: CheckpointPorts['clock'], work: (done: number) => void): (done: number) => void {
  let next = clock.elapsed() + 200
  return (done) => {
    if (clock.elapsed() < next) return
    next = clock.elapsed() + 1000
    work(done)
  }
}
