import type { Usage } from '#contract/common'
import type { Entry } from '#contract/entries'
import type { MemoryItem } from '#contract/memory'
import type { Run } from '#contract/runs'
import type { LearningSettings } from '#contract/settings'
import { isAppError } from '../../errors'
import type { EventStream } from '../../events/event-stream'
import type { ModelRegistry, ResolvedModel } from '../../models/model-registry'
import { costOf, estimatedUsage, estimateTokens } from '../../models/usage'
import { tellSession } from '../../sessions/publish'
import type { LearningResult } from '../../ports/learning-store'
import type { Store } from '../../ports/store'
import type { Clock, Logger, NewId } from '../../ports/system'
import type { AgentMemory } from './agent-memory'
import { type NoteContext, prepareNote } from './keep-notes'
import { memoryPlace } from './memory-place'
import { learnPrompt, learnRequest, readNotes } from './learn-by-model'
import { type LearntNote, notesInMessage, solutionOf } from './learn-by-rules'
import { isSensitive } from '../sensitive'
import { toldTo } from './told'

export interface LearningPorts {
  readonly store: Pick<Store, 'learning' | 'runs' | 'steps' | 'sessions' | 'journal' | 'workspaces' | 'agents'>
  readonly events: EventStream
  readonly memory: AgentMemory
  readonly models: Pick<ModelRegistry, 'resolve'>
  readonly settings: () => LearningSettings
  readonly clock: Clock
  readonly newId: NewId
  readonly logger: Logger
  readonly newTraceId: () => string
  /** Resolves when agents may work: a person can pause all of them. Rejects with the signal's reason. */
  readonly mayStart: (signal: AbortSignal) => Promise<void>
}

export interface Learning {
  /** A turn has ended well: inside the transaction that says so. Looked at when that is done. */
  turnEnded(run: Pick<Run, 'id'>): void
  /** Goes on with what waits. The result stops it; what it was at is done again after the next start. */
  start(): () => void
  /** Resolves when nothing waits. */
  idle(): Promise<void>
}

const DAY_MS = 24 * 60 * 60 * 1000
const KEPT_DAYS = 30
/** After so many attempts the model is not asked again: by rules alone. */
const MAX_MODEL_ATTEMPTS = 2
/** A turn that cannot be looked at at all is given up. */
const MAX_ATTEMPTS = 5
const MODEL_TIMEOUT_MS = 60_000
const MAX_OUTPUT_TOKENS = 800
const MIN_WORTH_CHARS = 60

/**
 * Learns from turns that ended, one after another, behind them: the row of a turn is written with its end and settled with what was learnt,
 * so a crash in between means that it is looked at again, and none is looked at twice.
 */
export function createLearning(ports: LearningPorts): Learning {
  const { store, clock } = ports
  let stop: AbortController | null = null
  let working: Promise<void> | null = null

  const work = async (signal: AbortSignal): Promise<void> => {
    for (;;) {
      const [next] = signal.aborted ? [] : store.learning.waiting(1)
      if (!next) return
      await learnFrom(ports, next, signal)
    }
  }
  const wake = (): void => {
    const current = stop
    if (current === null || working !== null) return
    working = work(current.signal)
      .catch((error: unknown) => {
        if (!current.signal.aborted) ports.logger.error('memory.learning_failed', { error })
      })
      .finally(() => {
        working = null
      })
  }
  return {
    turnEnded: ({ id }) => {
      if (ports.settings().learn === 'off') return
      store.learning.add(id, clock.now())
      // Once the transaction at hand is done.
      queueMicrotask(wake)
    },
    start: () => {
      stop = new AbortController()
      store.learning.prune(clock.now() - KEPT_DAYS * DAY_MS)
      wake()
      return () => {
        stop?.abort()
        stop = null
      }
    },
    idle: async () => {
      while (working !== null) await working
    },
  }
}

async function learnFrom(ports: LearningPorts, { runId, attempts }: { readonly runId: string; readonly attempts: number }, signal: AbortSignal): Promise<void> {
  const { store, events, settings, clock, logger } = ports
  const finish = (result: Partial<LearningResult>) => store.learning.finish(runId, { at: clock.now(), saved: 0, proposed: 0, tokens: 0, costUsd: null, error: null, ...result })
  const turn = attempts >= MAX_ATTEMPTS ? null : turnOf(ports, runId)
  if (!turn || settings().learn === 'off') return events.transact(() => finish({ error: attempts >= MAX_ATTEMPTS ? 'It failed too often.' : null }), 'later')
  events.transact(() => store.learning.begin(runId), 'later')
  const byRules = [...notesInMessage(turn.run.text), ...optional(solutionOf(turn.entries))]
  const known = await knownOf(ports, turn)
  const asked = await askModel(ports, turn, known, attempts, signal)
  if (signal.aborted) return
  const fresh = [...byRules.map((note) => asUpdate(note, known)), ...asked.notes.filter(({ text }, index) => ![...byRules, ...asked.notes.slice(0, index)].some((other) => isNear(other.text, text)))]
  try {
    const notes = await Promise.all(fresh.map((note) => prepareNote(ports.memory, note, turn.context)))
    if (signal.aborted) return
    events.transact(() => {
      const kept = notes.map((keep) => keep().kept)
      finish({
        saved: kept.filter((word) => word === 'saved').length, proposed: kept.filter((word) => word === 'proposed').length,
        tokens: asked.tokens, costUsd: asked.costUsd, error: asked.error,
      })
    }, 'later')
  } catch (error) {
    // A note that cannot be kept must not hold up all that come after it.
    if (!isAppError(error) || error.code === 'DISK_FULL' || error.code === 'DATABASE_DAMAGED') throw error
    logger.warn('memory.note_refused', { code: error.code })
    events.transact(() => finish({ tokens: asked.tokens, costUsd: asked.costUsd, error: error.message }), 'later')
  }
}

interface EndedTurn {
  readonly run: Run
  /** Of this turn alone. */
  readonly entries: readonly Entry[]
  readonly context: NoteContext
}

/** Null when its session is gone or in the bin. */
function turnOf({ store, settings, newTraceId }: LearningPorts, runId: string): EndedTurn | null {
  const run = store.runs.get(runId)
  const session = run && store.sessions.get(run.sessionId)
  const head = session?.heads.find(({ id }) => id === run?.headId)
  if (!run || !session || session.deletedAt !== null || !head?.entryId) return null
  const whole = store.journal.path(head.entryId)
  const end = whole.findLastIndex((entry) => entry.runId === runId)
  if (end === -1) return null
  const path = whole.slice(0, end + 1)
  const entries = path.filter((entry) => entry.runId === runId)
  const workspace = session.workspaceId === null ? null : store.workspaces.get(session.workspaceId)
  const told = toldTo(store, session.id, path)
  return {
    run, entries,
    context: {
      told, feelings: settings().sentiment && !told.hasReadPrivate && !hasSensitive(entries), sessionId: session.id, place: memoryPlace(store, session.id), isTrustedFolder: workspace?.trusted ?? false, review: settings().review, entryId: run.entryId,
      origin: { by: 'agent', cause: 'Learnt from a turn', sessionId: session.id, runId, traceId: newTraceId() },
    },
  }
}

function hasSensitive(entries: readonly Entry[]): boolean {
  return entries.some(({ payload }) => (payload.kind === 'user_message' || payload.kind === 'assistant_message') && isSensitive(payload.text))
}

const KNOWN_LIMIT = 8

/** What is known of what the turn was about, so that it is brought up to date and not said again. */
async function knownOf({ memory }: LearningPorts, { run, context: { place } }: EndedTurn): Promise<readonly MemoryItem[]> {
  const q = run.text.slice(0, 1_000)
  return q.trim() === '' ? [] : (await memory.search({ q, place, limit: KNOWN_LIMIT })).map(({ item }) => item)
}

interface Asked {
  readonly notes: readonly LearntNote[]
  readonly tokens: number
  readonly costUsd: number | null
  readonly error: string | null
}

const notAsked: Asked = { notes: [], tokens: 0, costUsd: null, error: null }

async function askModel(ports: LearningPorts, turn: EndedTurn, known: readonly MemoryItem[], attempts: number, signal: AbortSignal): Promise<Asked> {
  const { run, entries } = turn
  const { learn, maxTokensPerDay } = ports.settings()
  const said = entries.reduce((sum, { payload }) => sum + (payload.kind === 'user_message' || payload.kind === 'assistant_message' ? payload.text.length : 0), 0)
  if (learn !== 'model' || attempts >= MAX_MODEL_ATTEMPTS || said < MIN_WORTH_CHARS || run.model === null || run.model.startsWith('demo/')) return notAsked
  const text = learnRequest(entries, known)
  const system = learnPrompt(turn.context.feelings === true)
  const spent = ports.store.learning.tokensSince(ports.clock.now() - DAY_MS)
  if (spent + estimateTokens(system + text) + MAX_OUTPUT_TOKENS > maxTokensPerDay) return { ...notAsked, error: 'The budget of the day is used up: by rules alone.' }
  const timeout = new AbortController()
  const cancelTimeout = ports.clock.after(MODEL_TIMEOUT_MS, () => timeout.abort())
  try {
    await ports.mayStart(signal)
    return await complete(ports, turn, await ports.models.resolve(run.model, ports.store.sessions.conditions(run.sessionId)?.workspaceId ?? null), { system, text, known, signal: AbortSignal.any([signal, timeout.signal]) })
  } catch (error) {
    if (signal.aborted) return notAsked
    if (!isAppError(error)) throw error
    return { ...notAsked, error: error.message }
  } finally {
    cancelTimeout()
  }
}

interface Question {
  readonly system: string
  readonly text: string
  readonly known: readonly MemoryItem[]
  readonly signal: AbortSignal
}

async function complete(ports: LearningPorts, turn: EndedTurn, { provider, model, name }: ResolvedModel, { system, text, known, signal }: Question): Promise<Asked> {
  const startedAt = ports.clock.now()
  const request = { model: name, system, messages: [{ role: 'user' as const, text }], tools: [], maxOutputTokens: MAX_OUTPUT_TOKENS, thinking: false }
  let written = ''
  for await (const event of provider.stream(request, signal)) {
    if (event.type === 'text') written += event.delta
    if (event.type === 'error') return { ...notAsked, tokens: estimateTokens(system + text), error: event.error.message }
    if (event.type === 'aborted') return { ...notAsked, tokens: estimateTokens(system + text), error: 'The model took too long.' }
    if (event.type === 'done') {
      const usage = event.usage ?? estimatedUsage(estimateTokens(system + text), event.text)
      const costUsd = costOf(usage, model.price)
      recordCall(ports, turn, { model: model.id, startedAt, usage, costUsd })
      return { notes: readNotes(event.text === '' ? written : event.text, known), tokens: usage.totalTokens, costUsd, error: null }
    }
  }
  return notAsked
}

interface PaidCall {
  readonly model: string
  readonly startedAt: number
  readonly usage: Usage
  readonly costUsd: number | null
}

/** The call as a step, so that Usage and the session count it. The run has ended: what it used itself stays as it was. */
function recordCall({ store, events, clock, newId }: LearningPorts, { run, context: { origin } }: EndedTurn, { model, startedAt, usage, costUsd }: PaidCall): void {
  const { id: runId, sessionId } = run
  const source = { sessionId, runId, traceId: origin.traceId }
  events.transact((emit) => {
    if (store.sessions.get(sessionId) === null) return
    const step = store.steps.insert({ step: { id: newId(), runId, sessionId, kind: 'model', name: model, purpose: 'learning', callId: null, startedAt }, repeatable: true, fingerprint: null })
    const ended = store.steps.finish(step.id, { state: 'completed', entryId: null, endedAt: clock.now(), usage, costUsd, error: null })
    store.sessions.addUsage(sessionId, usage, costUsd)
    emit({ topic: 'step.update', payload: { step: ended } }, source)
    tellSession(store, emit, sessionId, source)
  }, 'later')
}

/** A newer version of something that was learnt in the same words, but for a few. */
function asUpdate(note: LearntNote, known: readonly MemoryItem[]): LearntNote {
  const earlier = known.find((item) => item.kind === note.kind && item.scope === note.scope && item.text !== note.text && isNear(item.text, note.text))
  return earlier && note.kind !== 'solution' ? { ...note, updates: earlier.id } : note
}

const NEAR = 0.6

function isNear(left: string, right: string): boolean {
  const [first, second] = [wordsOf(left), wordsOf(right)]
  let both = 0
  for (const word of first) if (second.has(word)) both += 1
  return both / Math.max(1, first.size + second.size - both) >= NEAR
}

function wordsOf(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])
}

function optional<T>(value: T | null): T[] {
  return value === null ? [] : [value]
}
