import type { Branch, BranchComparison, BranchInput, RestorePreview, RestoreResult } from '#contract/checkpoints'
import type { FileDiff } from '#contract/file-changes'
import type { Entry, EntryPayload } from '#contract/entries'
import type { Session } from '#contract/sessions'
import { AppError, isAppError, notFound } from '../errors'
import type { Emit, EventSource } from '../events/event-stream'
import type { StoredCheckpoint } from '../ports/checkpoint-store'
import { getSession, tellSession } from '../sessions/publish'
import { authorsByPath } from './authorship'
import { type CheckpointServicePorts, fileDiffOf, toCheckpoint } from './checkpoint-service'
import { describeSide, sidesOf } from './branch-sides'
import { rehomeBranches } from './rehome'
import { planRestore, type RestoreChoice } from './restore-plan'
import type { Restore } from './restorer'
import { changesFrom } from './wanted-changes'

export interface BranchService {
  create(checkpointId: string, input: BranchInput, traceId: string): Promise<{ readonly branch: Branch; readonly prompt: string | null; readonly redoCheckpointId: string | null }>
  list(sessionId: string): Branch[]
  compare(id: string, other: string): Promise<BranchComparison>
  compareFile(id: string, other: string, path: string): Promise<FileDiff>
  /** One file of bringing it home, from now to how it would be. */
  previewFile(id: string, path: string): Promise<FileDiff>
  preview(id: string, choice: RestoreChoice): Promise<RestorePreview>
  bringHome(id: string, choice: RestoreChoice, traceId: string): Promise<RestoreResult>
  /** The session of a scratch branch must have ended its work. */
  remove(id: string, traceId: string): Promise<void>
  /** In the transaction that removes a session, before it does. */
  sessionRemoving(sessionId: string, emit: Emit, traceId: string): void
  /** A session is gone: so is the branch that it was, with its copy of the folder. */
  sessionRemoved(sessionId: string, traceId: string): Promise<void>
}

export interface BranchServicePorts extends CheckpointServicePorts {
  /** Stops what runs in a session and removes it; `sessionRemoved` is called then. */
  readonly removeSession: (sessionId: string, traceId: string) => Promise<void>
  /** Ends the person's shells in a folder that goes. */
  readonly closeTerminals: (workspaceId: string) => Promise<void>
}

const MOST_FILES = 2000

export function createBranchService(ports: BranchServicePorts): BranchService {
  const { store, recorder, restorer } = ports
  const get = (id: string): Branch => {
    const branch = store.branches.get(id)
    if (!branch) throw notFound('Branch', id)
    return branch
  }
  const sourceOf = (sessionId: string, traceId: string): EventSource => ({ sessionId, runId: null, traceId })
  return {
    list: (sessionId) => store.branches.listOf(getSession(store, sessionId).id),
    create: async (checkpointId, input, traceId) => {
      const checkpoint = recorder.get(checkpointId)
      const source = sourceOf(checkpoint.sessionId, traceId)
      return input.where === 'here' ? branchHere(ports, checkpoint, input, source) : branchApart(ports, checkpoint, input, source)
    },
    compare: async (id, other) => {
      const { left, right, intervals } = await sidesOf(ports, get(id), other === 'origin' ? null : get(other))
      return {
        left: await describeSide(ports, left), right: await describeSide(ports, right),
        files: left.treeId === null || right.treeId === null
          ? { items: [], total: 0, lines: { added: 0, removed: 0 }, truncated: false, available: false }
          : await ports.comparer.files(left.treeId, right.treeId, intervals, MOST_FILES),
      }
    },
    compareFile: async (id, other, path) => {
      const { left, right, intervals } = await sidesOf(ports, get(id), other === 'origin' ? null : get(other))
      if (left.treeId === null || right.treeId === null) throw new AppError('CHECKPOINT_PRUNED', 'The files of one side are not kept any more, so they cannot be compared.')
      return ports.comparer.fileBetween(left.treeId, right.treeId, intervals, path)
    },
    previewFile: async (id, path) => fileDiffOf(ports, await toHome(ports, get(id), { paths: [path] }), path),
    preview: async (id, choice) => restorer.preview(await toHome(ports, get(id), choice)),
    bringHome: async (id, choice, traceId) => {
      const branch = get(id)
      restorer.assertIdle(getSession(store, branch.originSessionId))
      const source = sourceOf(branch.originSessionId, traceId)
      const result = await restorer.apply(await toHome(ports, branch, choice), choice, source)
      ports.events.transact((emit) => {
        store.branches.setBroughtHome(id, ports.clock.now())
        emit({ topic: 'branch.update', payload: { branch: get(id) } }, source)
      })
      return result
    },
    remove: async (id, traceId) => {
      const branch = get(id)
      // The end of the session tells us to let go of the rest.
      if (branch.where === 'scratch' && store.sessions.get(branch.sessionId)) await ports.removeSession(branch.sessionId, traceId)
      else await forget(ports, branch, sourceOf(branch.originSessionId, traceId))
    },
    sessionRemoving: (sessionId, emit, traceId) => { rehomeBranches(ports, sessionId, emit, traceId) },
    sessionRemoved: async (sessionId, traceId) => {
      const own = store.branches.listOf(sessionId).filter((branch) => branch.where === 'scratch' && branch.sessionId === sessionId)
      for (const branch of own) await forget(ports, branch, sourceOf(branch.originSessionId, traceId))
    },
  }
}

/** A branch without its session: its copy of the folder goes too. */
async function forget({ store, snapshots, scratchFolder, events, closeTerminals }: BranchServicePorts, branch: Branch, source: EventSource): Promise<void> {
  const { id, originSessionId, sessionId } = branch
  const workspace = branch.where === 'scratch' && branch.workspaceId !== null ? store.workspaces.get(branch.workspaceId) : null
  if (workspace && removeUnused(store, workspace.id)) {
    await closeTerminals(workspace.id)
    await snapshots.forget(workspace.path)
    await snapshots.discard(scratchFolder(id))
  }
  events.transact((emit) => {
    store.branches.remove(id)
    emit({ topic: 'branch.removed', payload: { branchId: id, originSessionId, sessionId } }, source)
  })
}

/** False when other sessions were opened in the copy: it stays theirs. */
function removeUnused(store: CheckpointServicePorts['store'], workspaceId: string): boolean {
  try {
    store.workspaces.remove(workspaceId)
    return true
  } catch (error) {
    if (isAppError(error) && error.code === 'CONFLICT') return false
    throw error
  }
}

/** The files go back as in a restore, and the conversation goes on from there on a head of its own. */
async function branchHere(ports: BranchServicePorts, checkpoint: StoredCheckpoint, input: BranchInput, source: EventSource) {
  const { store, restorer, events } = ports
  const origin = getSession(store, checkpoint.sessionId)
  restorer.assertIdle(origin)
  const choice = input.conflicts ? { conflicts: input.conflicts } : {}
  const parts = checkpoint.files === 'kept' ? (['files', 'conversation'] as const) : (['conversation'] as const)
  const result = await restorer.apply(await toCheckpoint(ports, checkpoint, { ...choice, parts: [...parts] }), choice, source)
  const headId = result.headId ?? origin.activeHeadId
  const branch = newBranch(ports, checkpoint, input, { sessionId: origin.id, headId, originHeadId: origin.activeHeadId, workspaceId: origin.workspaceId })
  events.transact((emit) => {
    store.sessions.patch(origin.id, { updatedAt: ports.clock.now(), ...changesOf(input) })
    store.branches.insert(branch)
    tellSession(store, emit, origin.id, source)
    emit({ topic: 'branch.update', payload: { branch } }, source)
  })
  return { branch, prompt: result.prompt, redoCheckpointId: result.redoCheckpointId }
}

function changesOf({ model, mode }: BranchInput): { model?: string | null; mode?: Session['mode'] } {
  return { ...(model !== undefined && { model }), ...(mode !== undefined && { mode }) }
}

function newBranch({ newId, clock }: BranchServicePorts, checkpoint: StoredCheckpoint, { where, name }: BranchInput, place: Pick<Branch, 'sessionId' | 'headId' | 'originHeadId' | 'workspaceId'>, id = newId()): Branch {
  return { id, where, name: name ?? checkpoint.title, checkpointId: checkpoint.id, originSessionId: checkpoint.sessionId, createdAt: clock.now(), broughtHomeAt: null, ...place }
}

/** A copy of the folder as it was, with a session of its own that knows the conversation until there. */
async function branchApart(ports: BranchServicePorts, checkpoint: StoredCheckpoint, input: BranchInput, source: EventSource) {
  const { store, events, snapshots, scratchFolder, newId, clock } = ports
  if (checkpoint.files !== 'kept' || checkpoint.treeId === null || checkpoint.workspaceId === null) {
    throw new AppError('CHECKPOINT_PRUNED', 'The files of this checkpoint are not kept, so there is nothing to copy. Continue here instead.')
  }
  const origin = getSession(store, checkpoint.sessionId)
  const home = store.workspaces.get(checkpoint.workspaceId)
  const [id, workspaceId, sessionId, headId] = [newId(), newId(), newId(), newId()]
  const folder = scratchFolder(id)
  const { damaged } = await snapshots.materialise(checkpoint.treeId, folder)
  if (damaged.length > 0) ports.logger.warn('branch.damaged_files', { count: damaged.length })
  const branch = newBranch(ports, checkpoint, input, { sessionId, headId, originHeadId: origin.activeHeadId, workspaceId }, id)
  try {
    events.transact((emit) => {
      const at = clock.now()
      const workspace = { id: workspaceId, name: `${home?.name ?? 'Folder'} (${branch.name})`, path: folder, trusted: home?.trusted ?? false, createdAt: at, lastOpenedAt: at }
      store.workspaces.insert(workspace)
      emit({ topic: 'workspace.update', payload: { workspace: { ...workspace, available: true } } }, source)
      store.sessions.insert({ id: sessionId, workspaceId, title: branch.name, model: origin.model, mode: origin.mode, createdAt: at, head: { id: headId, entryId: null, createdAt: at } })
      copyConversation(ports, checkpoint.conversation.entryId, sessionId, headId)
      store.sessions.patch(sessionId, { updatedAt: at, ...changesOf(input) })
      store.branches.insert(branch)
      tellSession(store, emit, sessionId, { ...source, sessionId })
      emit({ topic: 'branch.update', payload: { branch } }, source)
    })
  } catch (error) {
    await snapshots.discard(folder)
    throw error
  }
  return { branch, prompt: checkpoint.prompt, redoCheckpointId: null }
}

/** Entries belong to one session, so they are copied with new names; what they say of each other is renamed too. */
function copyConversation({ store, newId }: BranchServicePorts, entryId: string | null, sessionId: string, headId: string): void {
  const ids = new Map<string, string>()
  const renamed = (id: string) => ids.get(id) ?? id
  let parentId: string | null = null
  for (const entry of entryId === null ? [] : store.journal.path(entryId)) {
    const id = newId()
    ids.set(entry.id, id)
    const copy: Entry = { ...entry, id, sessionId, parentId, runId: null, stepId: null, payload: withOwnAttachments(store, renameIn(entry.payload, renamed), sessionId, newId) }
    store.journal.append(copy, headId)
    parentId = id
  }
}

/** The content is the same; each session keeps it for itself, so that it stays when another one goes. */
function withOwnAttachments(store: BranchServicePorts['store'], payload: EntryPayload, sessionId: string, newId: BranchServicePorts['newId']): EntryPayload {
  if (payload.kind !== 'user_message' || !payload.attachments) return payload
  const attachments = payload.attachments.map((attachment) => ({ ...attachment, id: newId() }))
  for (const attachment of attachments) store.attachments.insert({ ...attachment, sessionId, sent: true })
  return { ...payload, attachments }
}

function renameIn(payload: EntryPayload, renamed: (id: string) => string): EntryPayload {
  switch (payload.kind) {
    case 'summary':
      return { ...payload, untilEntryId: renamed(payload.untilEntryId), keptEntryIds: payload.keptEntryIds.map(renamed) }
    case 'context_discard':
      return { ...payload, entryIds: payload.entryIds.map(renamed) }
    default:
      return payload
  }
}

/** What the copy changed, brought to the folder it was copied from. */
async function toHome(ports: BranchServicePorts, branch: Branch, choice: RestoreChoice): Promise<Restore> {
  const { store, recorder, snapshots, history } = ports
  if (branch.where !== 'scratch' || branch.workspaceId === null) throw new AppError('CONFLICT', 'This branch works in the folder itself; its changes are there already.')
  const checkpoint = recorder.get(branch.checkpointId)
  const origin = getSession(store, branch.originSessionId)
  if (origin.workspaceId === null || checkpoint.treeId === null) throw new AppError('CONFLICT', 'The session that this branch was made from has no folder.')
  const there = await history.look(branch.workspaceId)
  const look = await history.look(origin.workspaceId)
  const wanted = await changesFrom(snapshots, look.treeId, checkpoint.treeId, there.treeId)
  const since = store.intervals.listAfter(origin.workspaceId, checkpoint.interval, look.interval)
  return {
    sessionId: origin.id, workspaceId: origin.workspaceId, checkpoint: null, parts: ['files'], undo: null, label: `Bring "${branch.name}" home`,
    plan: planRestore({ wanted, authorsOf: authorsByPath(since), sessionId: null, choice }), look, conversation: null, prompt: null,
  }
}
