import type { Entry, EntryPayload } from '#contract/entries'
import { visibleEntries } from '../context/build-context'
import type { EntryMessage } from '../context/entry-messages'

/** What of a conversation goes over to an agent that continues from it. */
export interface Inherited {
  /** Whole, oldest first. */
  readonly kept: readonly EntryPayload[]
  /** What does not fit and is summarised; empty: nothing was cut. */
  readonly cut: readonly EntryMessage[]
  /** What an earlier summary says of all before. */
  readonly earlier: string | null
}

/**
 * The newest whole turns that fit into a budget of tokens. The call that starts the agent has no result yet, so the reply that makes it
 * stays out: the turn goes over as far as it had come.
 */
export function inherit(path: readonly Entry[], budget: number): Inherited {
  const { summary, visible, discarded } = visibleEntries(path)
  const turns = turnsOf(withoutOpenCalls(visible))
  let left = budget - (summary ? Math.ceil(summary.payload.text.length / 4) : 0)
  let first = turns.length
  for (let index = turns.length - 1; index >= 0; index -= 1) {
    const size = (turns[index] ?? []).reduce((sum, { tokens }) => sum + tokens, 0)
    if (size > left) break
    left -= size
    first = index
  }
  return { kept: turns.slice(first).flat().map(({ entry }) => copyOf(entry, discarded)), cut: turns.slice(0, first).flat(), earlier: summary?.payload.text ?? null }
}

function withoutOpenCalls(visible: readonly EntryMessage[]): EntryMessage[] {
  const answered = new Set(visible.flatMap(({ message }) => (message.role === 'tool' ? [message.callId] : [])))
  const open = visible.findIndex(({ message }) => message.role === 'assistant' && message.toolCalls.some(({ id }) => !answered.has(id)))
  return open === -1 ? [...visible] : visible.slice(0, open)
}

/** A turn begins with what somebody wrote. */
function turnsOf(messages: readonly EntryMessage[]): EntryMessage[][] {
  const turns: EntryMessage[][] = []
  for (const item of messages) {
    const current = turns.at(-1)
    if (item.message.role === 'user' || !current) turns.push([item])
    else current.push(item)
  }
  return turns
}

/** Reasoning belongs to the calls that it was made for. */
function copyOf({ id, payload }: Entry, discarded: ReadonlySet<string>): EntryPayload {
  if (payload.kind === 'assistant_message') return { ...payload, thinking: [] }
  return payload.kind === 'tool_result' && discarded.has(id) ? { ...payload, content: '[The output of this call was left out to save room.]' } : payload
}
