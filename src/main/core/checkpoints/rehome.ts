import type { Emit } from '../events/event-stream'
import { getSession, tellSession } from '../sessions/publish'
import type { CheckpointPorts } from './ports'
import type { Recorder } from './recorder'

/**
 * Called in the transaction that removes a session, before it does: scratch copies that were made from it and not brought home
 * get a new session in the folder, so that their changes still have a way there.
 */
export function rehomeBranches(ports: CheckpointPorts & { readonly recorder: Recorder }, sessionId: string, emit: Emit, traceId: string): void {
  const { store, clock, newId, recorder } = ports
  const open = store.branches.listByOrigin(sessionId).filter((branch) => branch.where === 'scratch' && branch.broughtHomeAt === null && branch.sessionId !== sessionId && store.sessions.get(branch.sessionId)?.deletedAt === null)
  if (open.length === 0) return
  const { title, workspaceId, model, mode } = getSession(store, sessionId)
  const [homeId, headId, at] = [newId(), newId(), clock.now()]
  const source = { sessionId: homeId, runId: null, traceId }
  store.sessions.insert({ id: homeId, workspaceId, title: `For the copies of “${title}”`.slice(0, 200), model, mode, createdAt: at, head: { id: headId, entryId: null, createdAt: at } })
  tellSession(store, emit, homeId, source)
  for (const branch of open) {
    const checkpointId = newId()
    const origin = recorder.get(branch.checkpointId)
    store.checkpoints.insert({
      ...origin, id: checkpointId, sessionId: homeId, kind: 'named', title: `Where “${branch.name}” was copied from`.slice(0, 120), pinned: true, parentId: store.checkpoints.current(homeId),
      runId: null, stepId: null, callId: null, restore: null, prompt: null, changes: null, conversation: { headId, entryId: null }, memoryRevision: null, taskRevision: null,
    })
    store.checkpoints.setCurrent(homeId, checkpointId)
    recorder.tell(emit, checkpointId, source)
    store.branches.rehome(branch.id, { originSessionId: homeId, originHeadId: headId, checkpointId })
    const moved = store.branches.get(branch.id)
    if (moved) emit({ topic: 'branch.update', payload: { branch: moved } }, source)
  }
}
