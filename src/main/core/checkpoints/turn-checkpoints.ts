import type { Run } from '#contract/runs'
import { type Effect, type EffectWatch, unwatchedEffect, type WatchedEffect } from '../agent/effects'
import { isAppError } from '../errors'
import type { EventSource } from '../events/event-stream'
import type { StoredCheckpoint } from '../ports/checkpoint-store'
import type { FolderHistory, Look } from './folder-history'
import type { LineCounter } from './line-counter'
import type { CheckpointPorts } from './ports'
import type { NewCheckpoint, Recorder } from './recorder'

/** A file tool waits no longer for the first look at a large folder: what it writes is protected by itself. */
const PATIENCE_MS = 2000

export interface TurnCheckpoints {
  /** Called when a turn starts; looks at the folder while the model is asked. */
  openTurn(run: Run, traceId: string): TurnWatch
  /** Resolves when everything that was begun is recorded. */
  idle(): Promise<void>
}

export interface TurnWatch extends EffectWatch {
  /** The turn has ended. What is left to record is recorded behind its back. */
  close(): void
}

export interface TurnCheckpointPorts extends CheckpointPorts {
  readonly history: FolderHistory
  readonly recorder: Recorder
  readonly lines: LineCounter
}

const unwatched: TurnWatch = { begin: () => Promise.resolve(unwatchedEffect), close: () => undefined }

export function createTurnCheckpoints(ports: TurnCheckpointPorts): TurnCheckpoints {
  const pending = new Set<Promise<void>>()
  const track = (work: Promise<void>) => {
    pending.add(work)
    void work.then(() => pending.delete(work))
  }
  return {
    openTurn: (run, traceId) => {
      const workspaceId = ports.store.sessions.get(run.sessionId)?.workspaceId ?? null
      if (workspaceId === null || !ports.settings().automatic) return unwatched
      return watchTurn(ports, { run, workspaceId, source: { sessionId: run.sessionId, runId: run.id, traceId } }, track)
    },
    idle: async () => { while (pending.size > 0) await Promise.all(pending) },
  }
}

interface Watched {
  readonly run: Run
  readonly workspaceId: string
  readonly source: EventSource
}

function watchTurn(ports: TurnCheckpointPorts, watched: Watched, track: (work: Promise<void>) => void): TurnWatch {
  const { history, recorder, store } = ports
  const { run, workspaceId, source } = watched
  const report = createReport(ports, watched)
  const before = history.look(workspaceId).catch(report)
  let recorded: Promise<StoredCheckpoint | null> | null = null
  let touched = false
  let commands = 0

  const recordBefore = () => (recorded ??= before.then((look) => look && recorder.record(beforeTurn(ports, watched, look), source)).catch(report))

  const begin = async (effect: Effect, signal: AbortSignal): Promise<WatchedEffect> => {
    touched = true
    const isCommand = effect.paths === null
    const ready = recordBefore()
    // Only a command can touch anything: it waits for the whole folder, however long the first look takes.
    const through = await waitFor(ready, isCommand ? null : PATIENCE_MS, ports, signal)
    if (!through && effect.paths) await history.protect(workspaceId, effect.paths).catch(report)
    const look = through ? await waitFor(history.look(workspaceId).catch(report), null, ports, signal) : null
    if (isCommand) commands += 1
    const checkpoint = isCommand && look ? recordQuietly(() => recorder.record(beforeCommand(store, watched, effect, look), source)) : null
    const end = history.begin(workspaceId, {
      kind: isCommand ? 'command' : 'agent', sessionId: run.sessionId, runId: run.id, stepId: effect.stepId, label: effect.label, paths: effect.paths,
    })
    let ended: Promise<Look | null> | null = null
    return {
      end: () => {
        end()
        const looked = history.look(workspaceId).catch(report)
        ended = looked
        track(looked.then((after) => {
          if (checkpoint && look && after?.treeId === look.treeId) recorder.remove([checkpoint.id], source)
        }).catch(report).then(() => undefined))
      },
      written: async () => {
        const after = await ended
        return look && after ? history.writtenSince(look, after).catch(report) : null
      },
    }
  }
  const recordQuietly = <T>(work: () => T): T | null => {
    try {
      return work()
    } catch (error) {
      report(error)
      return null
    }
  }
  const finish = async () => {
    const first = await before
    if (!touched || !first) return
    await recorded
    const after = await history.look(workspaceId)
    if (after.treeId === first.treeId) {
      recorder.remove(store.checkpoints.listByRun(run.id).filter(({ kind }) => kind === 'before_turn' || kind === 'before_command').map(({ id }) => id), source)
      return
    }
    const checkpoint = recorder.record(afterTurn(ports, watched, after, commands), source)
    await ports.lines.count(checkpoint.id, source)
  }
  return { begin, close: () => { track(finish().catch(report).then(() => undefined)) } }
}

/** True when the work was done in time. Throws the signal's reason as soon as it aborts. */
async function waitFor<T>(work: Promise<T>, patienceMs: number | null, { clock }: Pick<CheckpointPorts, 'clock'>, signal: AbortSignal): Promise<T | null> {
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    const onAbort = () => { settle(() => { reject(signal.reason) }) }
    const cancel = patienceMs === null ? () => undefined : clock.after(patienceMs, () => { settle(() => { resolve(null) }) })
    const settle = (how: () => void) => {
      cancel()
      signal.removeEventListener('abort', onAbort)
      how()
    }
    signal.addEventListener('abort', onAbort, { once: true })
    work.then((value) => { settle(() => { resolve(value) }) }, (error: unknown) => { settle(() => { reject(error) }) })
  })
}

/** A checkpoint that fails does not stop the work; the person is told, once a turn. */
function createReport({ logger, events, store, newId, clock }: CheckpointPorts, { source }: Watched) {
  let told = false
  return (error: unknown): null => {
    // Its session was deleted meanwhile: there is nothing left to go back to.
    if (source.sessionId !== null && store.sessions.get(source.sessionId) === null) return null
    logger.warn('checkpoint.failed', { runId: source.runId, error })
    if (told || !isAppError(error) || error.code === 'WORKSPACE_UNAVAILABLE') return null
    told = true
    const notice = { id: newId(), level: 'warning' as const, text: `No checkpoint was taken of this turn. ${error.message}` }
    try {
      events.transact((emit) => {
        store.notices.insert(notice, clock.now())
        emit({ topic: 'system.notice', payload: notice }, { ...source, sessionId: null })
      })
    } catch (second) {
      logger.error('notice.not_saved', { error: second })
    }
    return null
  }
}

function common({ run, workspaceId }: Watched) {
  return { sessionId: run.sessionId, workspaceId, runId: run.id }
}

function beforeTurn({ store }: CheckpointPorts, watched: Watched, look: Look): NewCheckpoint {
  const { run } = watched
  const asked = store.runs.get(run.id)?.entryId ?? run.entryId
  const entryId = asked ? (store.journal.get(asked)?.parentId ?? null) : null
  return { ...common(watched), kind: 'before_turn', title: run.text, prompt: run.text, look, conversation: { headId: run.headId, entryId } }
}

/** The conversation goes back to before the reply that made the call: a call without its result is no place to go on from. */
function beforeCommand(store: CheckpointPorts['store'], watched: Watched, effect: Effect, look: Look): NewCheckpoint {
  return {
    ...common(watched), kind: 'before_command', title: effect.label, look, stepId: effect.stepId, callId: effect.callId,
    conversation: { headId: watched.run.headId, entryId: store.journal.get(effect.replyEntryId)?.parentId ?? null },
  }
}

function afterTurn({ store }: CheckpointPorts, watched: Watched, look: Look, commands: number): NewCheckpoint {
  const { run } = watched
  const head = store.sessions.get(run.sessionId)?.heads.find(({ id }) => id === run.headId)
  return {
    ...common(watched), kind: 'after_turn', title: run.text, look, commands, costUsd: store.runs.get(run.id)?.costUsd ?? null,
    conversation: { headId: run.headId, entryId: head?.entryId ?? null },
  }
}
