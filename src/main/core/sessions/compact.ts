import type { Entry } from '#contract/entries'
import type { Settings } from '#contract/settings'
import { transcribe } from '../agent/shorten-context'
import { buildContext, visibleEntries } from '../context/build-context'
import { tokenBudget } from '../context/fit'
import { summaryPrompt } from '../context/system-prompt'
import { AppError } from '../errors'
import type { EventStream } from '../events/event-stream'
import type { ModelRegistry, ResolvedModel } from '../models/model-registry'
import { costOf, estimatedUsage, estimateTokens } from '../models/usage'
import type { Store } from '../ports/store'
import type { Clock, NewId } from '../ports/system'
import { getSession, tellSession } from './publish'

const MOST_OUTPUT_TOKENS = 2000
const LONGEST_MS = 5 * 60_000

export interface CompactPorts {
  readonly store: Store
  readonly events: EventStream
  readonly clock: Clock
  readonly newId: NewId
  readonly models: Pick<ModelRegistry, 'resolve'>
  readonly settings: () => Settings
}

/**
 * Summarises what came before the newest message, so that the model is sent the summary instead; the journal keeps
 * everything. AppError CONFLICT when there is nothing to summarise, a turn runs, or the conversation goes on meanwhile; else
 * what the model failed with.
 */
export function createCompact(ports: CompactPorts) {
  const { store, events, clock, newId } = ports
  const busy = new Set<string>()

  const compact = async (sessionId: string, traceId: string): Promise<Entry> => {
    const session = getSession(store, sessionId)
    const head = session.heads.find(({ id }) => id === session.activeHeadId)
    if (session.status === 'running' || session.status === 'waiting') throw new AppError('CONFLICT', 'A turn is running in this session. Stop it before you summarise.')
    const path = head?.entryId ? store.journal.path(head.entryId) : []
    const { visible } = visibleEntries(path)
    const newest = visible.findLastIndex(({ message }) => message.role === 'user')
    const covered = visible.slice(0, Math.max(0, newest))
    const until = covered.at(-1)
    if (!head || !until) throw new AppError('CONFLICT', 'There is nothing before the newest message to summarise.')
    const resolved = await ports.models.resolve(session.model ?? ports.settings().defaultModel, session.workspaceId)
    const transcript = transcribe({ path }, { covered })
    const { text, usage } = await ask(resolved, transcript)
    const tokensBefore = buildContext({ path, system: '', tools: [], modelId: null }).tokens
    const source = { sessionId, runId: null, traceId }
    return events.transact((emit) => {
      const now = getSession(store, sessionId).heads.find(({ id }) => id === head.id)
      if (now?.entryId !== head.entryId) throw new AppError('CONFLICT', 'The conversation went on while it was being summarised. Nothing was changed; try again.')
      const entry: Entry = {
        id: newId(), sessionId, parentId: head.entryId, runId: null, stepId: null, at: clock.now(),
        payload: {
          kind: 'summary', text, untilEntryId: until.entry.id, keptEntryIds: [], tokensBefore,
          tokensAfter: Math.max(0, tokensBefore - covered.reduce((sum, { tokens }) => sum + tokens, 0) + estimateTokens(text)),
        },
      }
      store.journal.append(entry, head.id)
      store.sessions.addUsage(sessionId, usage, costOf(usage, resolved.model.price))
      emit({ topic: 'session.entry', payload: { entry, headId: head.id } }, source)
      tellSession(store, emit, sessionId, source)
      return entry
    })
  }

  return async (sessionId: string, traceId: string): Promise<Entry> => {
    if (busy.has(sessionId)) throw new AppError('CONFLICT', 'This conversation is being summarised already.')
    busy.add(sessionId)
    try {
      return await compact(sessionId, traceId)
    } finally {
      busy.delete(sessionId)
    }
  }
}

async function ask({ provider, model, name }: ResolvedModel, transcript: string) {
  const request = {
    model: name, system: summaryPrompt, messages: [{ role: 'user' as const, text: transcript }], tools: [],
    maxOutputTokens: Math.min(MOST_OUTPUT_TOKENS, tokenBudget(model).output), thinking: false,
  }
  for await (const event of provider.stream(request, AbortSignal.timeout(LONGEST_MS))) {
    if (event.type === 'error') throw event.error
    if (event.type === 'aborted') throw new AppError('TIMEOUT_ERROR', 'The model took too long to summarise the conversation. Nothing was changed.')
    if (event.type !== 'done') continue
    const text = event.text.trim()
    if (text === '') break
    return { text, usage: event.usage ?? estimatedUsage(estimateTokens(transcript), text) }
  }
  throw new AppError('STREAM_CUT', 'The model gave no summary. Nothing was changed.')
}
