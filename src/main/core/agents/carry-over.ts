import type { EntryPayload } from '#contract/entries'
import type { Usage } from '#contract/common'
import { transcribe } from '../agent/shorten-context'
import { summaryPrompt } from '../context/system-prompt'
import { tokenBudget } from '../context/fit'
import type { ResolvedModel } from '../models/model-registry'
import { costOf, estimatedUsage, estimateTokens } from '../models/usage'
import type { Store } from '../ports/store'
import { inherit, type Inherited } from './inherited-context'

export type ContextKind = 'none' | 'summary' | 'fork'

/** Of what goes over whole. */
const FORK_TOKENS = 16_000
const FORK_SHARE = 0.4
/** Of a summary; asked for in words and cut to it. */
const SUMMARY_TOKENS = 500
const LONGEST_MS = 60_000

/** What an agent is given of the conversation it comes from, and what finding that out used. */
export interface CarriedOver {
  readonly entries: readonly EntryPayload[]
  readonly usage: Usage | null
  readonly costUsd: number | null
}

const nothing: CarriedOver = { entries: [], usage: null, costUsd: null }

/** Where the model cannot summarise, the messages of the person stand for what was said. Throws only the signal's reason. */
export async function carryOver(
  store: Pick<Store, 'sessions' | 'journal' | 'runs'>, parentRunId: string, kind: ContextKind, resolved: ResolvedModel, signal: AbortSignal,
): Promise<CarriedOver> {
  if (kind === 'none') return nothing
  const run = store.runs.get(parentRunId)
  const head = run && store.sessions.get(run.sessionId)?.heads.find(({ id }) => id === run.headId)
  const path = head?.entryId ? store.journal.path(head.entryId) : []
  const budget = kind === 'summary' ? 0 : Math.min(FORK_TOKENS, Math.floor(tokenBudget(resolved.model).input * FORK_SHARE))
  const inherited = inherit(path, budget)
  if (inherited.cut.length === 0 && inherited.earlier === null) return { ...nothing, entries: inherited.kept }
  const transcript = transcribe({ path }, { covered: inherited.cut })
  const said = await summarise(resolved, transcript, signal)
  signal.throwIfAborted()
  const text = said?.text ?? digest(inherited)
  const tokensBefore = inherited.cut.reduce((sum, { tokens }) => sum + tokens, 0)
  const summary: EntryPayload = { kind: 'summary', text, untilEntryId: '', keptEntryIds: [], tokensBefore, tokensAfter: estimateTokens(text) }
  return { entries: [summary, ...inherited.kept], usage: said?.usage ?? null, costUsd: said ? costOf(said.usage, resolved.model.price) : null }
}

async function summarise({ provider, name }: ResolvedModel, transcript: string, signal: AbortSignal): Promise<{ readonly text: string; readonly usage: Usage } | null> {
  const request = {
    model: name, system: `${summaryPrompt}\nIt goes to another agent that works on a part. At most 300 words.`, messages: [{ role: 'user' as const, text: transcript }], tools: [],
    maxOutputTokens: SUMMARY_TOKENS * 2, thinking: false,
  }
  for await (const event of provider.stream(request, AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]))) {
    if (event.type === 'error' || event.type === 'aborted') return null
    if (event.type !== 'done') continue
    const text = clipped(event.text.trim())
    return text === '' ? null : { text, usage: event.usage ?? estimatedUsage(estimateTokens(transcript), event.text) }
  }
  return null
}

function digest({ cut, earlier }: Inherited): string {
  const said = cut.flatMap(({ message }) => (message.role === 'user' ? [`- ${message.text.slice(0, 300)}`] : []))
  return clipped([...(earlier === null ? [] : [earlier]), 'What the person wrote:', ...said.slice(-20)].join('\n'))
}

function clipped(text: string): string {
  const chars = SUMMARY_TOKENS * 4
  return text.length <= chars ? text : `${text.slice(0, chars - 1)}…`
}
