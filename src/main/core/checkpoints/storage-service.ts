import type { Pin, Storage, StorageJob } from '#contract/storage'
import { AppError, errorBody, internalError, isAppError } from '../errors'
import type { EventSource } from '../events/event-stream'
import type { StoredCheckpoint } from '../ports/checkpoint-store'
import type { StoreRoot } from '../ports/snapshots'
import type { CheckpointPorts } from './ports'
import { pickPrunable } from './prune-rules'
import type { Recorder } from './recorder'

const DAY = 24 * 60 * 60 * 1000
/** How often the limits are looked after. */
const TIDY_EVERY_MS = 6 * 60 * 60 * 1000
const FIRST_TIDY_MS = 10 * 60 * 1000
const GIGABYTE = 1024 ** 3

export interface StorageService {
  get(): Promise<Storage>
  /** Pinned checkpoints of all sessions, newest first. */
  pins(query: { readonly cursor?: string | undefined; readonly limit: number }): { items: Pin[]; nextCursor: string | null }
  start(kind: StorageJob['kind'], traceId: string): StorageJob
  /** Prunes by itself from time to time; the result stops that. */
  tidy(newTraceId: () => string): () => void
  /** Resolves when no job is at work. */
  idle(): Promise<void>
}

export function createStorageService(ports: CheckpointPorts & { readonly recorder: Recorder }): StorageService {
  const { store, events, clock, newId, logger } = ports
  let running: { job: StorageJob; readonly done: Promise<void> } | null = null

  const start = (kind: StorageJob['kind'], traceId: string): StorageJob => {
    if (running) throw new AppError('CONFLICT', 'Another storage job is at work. Wait for its end.')
    const source: EventSource = { sessionId: null, runId: null, traceId }
    let job: StorageJob = { id: newId(), kind, state: 'running', done: 0, total: null, startedAt: clock.now(), endedAt: null, freedBytes: 0, prunedCheckpoints: 0, damaged: [], error: null }
    const tell = (patch: Partial<StorageJob>) => {
      job = { ...job, ...patch }
      if (running) running.job = job
      events.transact((emit) => {
        if (job.endedAt !== null) store.storageJobs.put(job)
        emit({ topic: 'storage.update', payload: { job } }, source)
      })
    }
    let next = 0
    const onProgress = (done: number, total: number) => {
      // The last one is told with the end.
      job = { ...job, done, total }
      if (clock.elapsed() < next) return
      next = clock.elapsed() + 500
      tell({ done, total })
    }
    const work = async () => {
      try {
        const result = await carryOut(ports, kind, onProgress, source)
        tell({ ...result, state: 'completed', endedAt: clock.now() })
      } catch (error) {
        if (!isAppError(error)) logger.error('storage.bug', { kind, error })
        tell({ state: 'failed', endedAt: clock.now(), error: errorBody(isAppError(error) ? error : internalError(error)) })
      }
    }
    const done = Promise.resolve().then(work).catch((error: unknown) => { logger.error('storage.not_told', { error }) }).then(() => { running = null })
    running = { job, done }
    tell({})
    return job
  }

  return {
    start,
    get: async () => describe(ports, running?.job ?? null),
    pins: (query) => {
      const { items, nextCursor } = store.checkpoints.listPinned(query)
      return { items: items.map((checkpoint) => toPin(ports, checkpoint)), nextCursor }
    },
    idle: async () => { await running?.done },
    tidy: (newTraceId) => {
      let cancel = () => {}
      const plan = (ms: number) => {
        cancel = clock.after(ms, () => {
          if (!running && store.checkpoints.listKept().length > 0) start('prune', newTraceId())
          plan(TIDY_EVERY_MS)
        })
      }
      plan(FIRST_TIDY_MS)
      return () => { cancel() }
    },
  }
}

async function carryOut({ store, snapshots, recorder, settings, clock, events }: CheckpointPorts & { readonly recorder: Recorder }, kind: StorageJob['kind'], onProgress: (done: number, total: number) => void, source: EventSource): Promise<Partial<StorageJob>> {
  switch (kind) {
    case 'compact':
      return snapshots.compact(onProgress)
    case 'verify':
      return { damaged: (await snapshots.verify(rootsOf(store, clock.now(), new Set()), onProgress)).map(({ hash, path, checkpointIds }) => ({ hash, path, checkpointIds: [...checkpointIds] })) }
    case 'prune': {
      const prunable = await choosePrunable({ store, snapshots, settings, clock })
      // First the checkpoints say so, then their content goes: what is said to be kept is there at any moment.
      events.transact(() => { for (const id of prunable) recorder.change(id, { files: 'pruned' }, source) })
      store.transaction(() => { store.intervals.removeBefore(oldestNeeded(store, settings().maxAgeDays, clock.now())) })
      const { freedBytes } = await snapshots.prune(keptTrees(store), onProgress)
      return { freedBytes, prunedCheckpoints: prunable.length }
    }
  }
}

function toPin({ store }: CheckpointPorts, { id, sessionId, workspaceId, kind, title, at, files }: StoredCheckpoint): Pin {
  return {
    id, sessionId, workspaceId, kind, title, at, files, sessionTitle: store.sessions.get(sessionId)?.title ?? '',
    workspaceName: workspaceId === null ? null : (store.workspaces.get(workspaceId)?.name ?? null),
  }
}

type PruneUse = Pick<CheckpointPorts, 'store' | 'snapshots' | 'settings' | 'clock'>

async function choosePrunable({ store, snapshots, settings, clock }: PruneUse): Promise<readonly string[]> {
  const { maxAgeDays, maxStoreGigabytes } = settings()
  const kept = store.checkpoints.listKept()
  const needed = new Set([...store.branches.list().map(({ checkpointId }) => checkpointId), ...store.restores.listUnfinished().flatMap(({ checkpointId, redoCheckpointId }) => [checkpointId ?? '', redoCheckpointId])])
  const tooOld = pickPrunable(kept, { before: clock.now() - maxAgeDays * DAY, needed, most: Number.POSITIVE_INFINITY })
  const limit = maxStoreGigabytes * GIGABYTE
  let chosen = new Set(tooOld)
  // Half of what is left at a time, oldest first: sizes are only known of sets of checkpoints.
  for (let rounds = 0; rounds < 20; rounds += 1) {
    const { bytes, slackBytes, prunableBytes } = await snapshots.usage(rootsOf(store, clock.now(), chosen))
    if (bytes - slackBytes - prunableBytes <= limit) break
    const left = kept.filter(({ id }) => !chosen.has(id))
    const more = pickPrunable(left, { before: Number.POSITIVE_INFINITY, needed, most: Math.max(1, Math.ceil(left.length / 4)) })
    if (more.length === 0) break
    chosen = new Set([...chosen, ...more])
  }
  return [...chosen]
}

function oldestNeeded(store: CheckpointPorts['store'], maxAgeDays: number, now: number): number {
  const oldestKept = store.checkpoints.listKept().filter(({ pinned }) => !pinned).at(-1)?.at ?? now
  return Math.max(now - maxAgeDays * DAY, oldestKept)
}

/** Everything that must stay restorable or undoable. */
function keptTrees(store: CheckpointPorts['store']): string[] {
  return [...new Set([
    ...store.checkpoints.listKept().flatMap(({ treeId }) => (treeId === null ? [] : [treeId])),
    ...store.intervals.treesSince(0), ...store.intervals.newestTrees(),
  ])]
}

function rootsOf(store: CheckpointPorts['store'], now: number, prunable: ReadonlySet<string>): StoreRoot[] {
  return store.checkpoints.listKept().flatMap(({ id, treeId, workspaceId, at }) => (treeId === null ? [] : [{
    treeId, checkpointId: id, workspaceId, age: ageOf(now - at), prunable: prunable.has(id),
  }]))
}

function ageOf(ms: number): StoreRoot['age'] {
  return ms < DAY ? 'day' : ms < 7 * DAY ? 'week' : ms < 30 * DAY ? 'month' : 'older'
}

async function describe({ store, snapshots, settings, clock }: CheckpointPorts, job: StorageJob | null): Promise<Storage> {
  const kept = store.checkpoints.listKept()
  const prunable = new Set(await choosePrunable({ store, snapshots, settings, clock }))
  const usage = await snapshots.usage(rootsOf(store, clock.now(), prunable))
  const { maxStoreGigabytes, maxAgeDays } = settings()
  return {
    bytes: usage.bytes, slackBytes: usage.slackBytes, objects: usage.objects, limits: { bytes: Math.round(maxStoreGigabytes * GIGABYTE), days: maxAgeDays },
    workspaces: usage.workspaces.map(({ workspaceId, bytes, sharedBytes }) => {
      const own = kept.filter((checkpoint) => checkpoint.workspaceId === workspaceId)
      return {
        workspaceId, name: (workspaceId === null ? null : store.workspaces.get(workspaceId)?.name) ?? 'Removed folder', bytes, sharedBytes,
        checkpoints: own.length, pinned: own.filter(({ pinned }) => pinned).length, oldestAt: own.at(-1)?.at ?? null, newestAt: own[0]?.at ?? null,
      }
    }),
    ages: (['day', 'week', 'month', 'older'] as const).map((label) => ({
      label, bytes: Math.max(0, usage.ages[label]), checkpoints: kept.filter(({ at }) => ageOf(clock.now() - at) === label).length,
    })),
    prunable: { checkpoints: prunable.size, bytes: usage.prunableBytes },
    job, lastJobs: [...store.storageJobs.list()],
  }
}
