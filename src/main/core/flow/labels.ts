import type { Entry } from '#contract/entries'
import type { FlowLabel, FlowSource } from '#contract/flow'

/** Of each kind that is told; the newest count. */
const MOST_SOURCES = 20

/** Results that were recorded before labels were. */
const untrustedTools: ReadonlySet<string> = new Set(['fetch_url', 'web_search'])

/**
 * What the model of a conversation has read, oldest first. It follows from the journal alone, so it holds over restarts, forks and
 * summaries, and a rewind takes back what is not in the conversation any more.
 */
export function sourcesOf(path: readonly Entry[]): FlowSource[] {
  const seen = new Set<string>()
  const found = path.flatMap((entry) => labelsOfEntry(entry).flatMap(({ label, why, byFile }) => {
    const key = `${label} ${why}`
    if (seen.has(key)) return []
    seen.add(key)
    return [{ label, why, ...(byFile && { byFile }), entryId: entry.id }]
  }))
  const newest = (label: FlowLabel['label']) => new Set(found.filter((source) => source.label === label).slice(-MOST_SOURCES))
  const kept = new Set([...newest('untrusted'), ...newest('private')])
  return found.filter((source) => kept.has(source))
}

/** A run that has read both may not send anything out by itself. */
export function hasBoth(sources: readonly FlowSource[]): boolean {
  return sources.some(({ label }) => label === 'untrusted') && sources.some(({ label }) => label === 'private')
}

function labelsOfEntry({ payload }: Entry): readonly FlowLabel[] {
  switch (payload.kind) {
    case 'user_message':
      return [...(payload.labels ?? []), ...(payload.attachments ?? []).map(({ name }) => ({ label: 'untrusted' as const, why: `the attachment ${name}` }))]
    case 'tool_result':
      return payload.labels ?? (untrustedTools.has(payload.toolName) ? [{ label: 'untrusted', why: `what ${payload.toolName} returned` }] : [])
    case 'memory_used':
      return payload.items.flatMap(({ trust, sensitive }): FlowLabel[] => [
        ...(trust === 'untrusted' ? [{ label: 'untrusted' as const, why: 'an item of the memory that came from outside' }] : []),
        ...(sensitive ? [{ label: 'private' as const, why: 'a private item of the memory' }] : []),
      ])
    default:
      return []
  }
}
