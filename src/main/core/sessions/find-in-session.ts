import type { FoundEntry, FoundInSession } from '#contract/conversation'
import type { Entry } from '#contract/entries'
import type { JournalStore } from '../ports/store'
import type { Clock } from '../ports/system'

const batch = 200
/** Entries that are told; whoever finds more looks for something longer. */
const maxEntries = 5_000

/** Looks through a branch from its newest entry on, and lets others work in between. Stops when the signal aborts. */
export async function findInSession(ports: { readonly journal: Pick<JournalStore, 'path'>; readonly clock: Pick<Clock, 'sleep'> }, from: string | null, query: string, signal?: AbortSignal): Promise<FoundInSession> {
  const wanted = query.toLowerCase()
  const found: (Omit<FoundEntry, 'position'> & { readonly fromEnd: number })[] = []
  let [seen, matches, truncated] = [0, 0, false]
  for (let cursor = from; cursor !== null && signal?.aborted !== true;) {
    const entries = ports.journal.path(cursor, batch).reverse()
    for (const entry of entries) {
      const count = textsOf(entry).reduce((sum, text) => sum + countOf(text, wanted), 0)
      matches += count
      if (count > 0 && found.length < maxEntries) found.push({ entryId: entry.id, matches: count, fromEnd: seen })
      else if (count > 0) truncated = true
      seen += 1
    }
    cursor = entries.at(-1)?.parentId ?? null
    if (cursor !== null) await ports.clock.sleep(0, signal)
  }
  const items = found.reverse().map(({ fromEnd, ...item }) => ({ ...item, position: seen - 1 - fromEnd }))
  return { items, matches, truncated }
}

/** What of an entry can be seen in the conversation. */
function textsOf({ payload }: Entry): readonly string[] {
  switch (payload.kind) {
    case 'user_message':
    case 'summary': return [payload.text]
    case 'assistant_message': return [payload.text, ...payload.toolCalls.flatMap((call) => Object.values(call.arguments).map(textOf))]
    case 'tool_result': return [payload.content]
    default: return []
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function countOf(text: string, wanted: string): number {
  const searched = text.toLowerCase()
  let count = 0
  for (let at = searched.indexOf(wanted); at !== -1; at = searched.indexOf(wanted, at + wanted.length)) count += 1
  return count
}
