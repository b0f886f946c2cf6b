import type { EntryPayload } from '#contract/entries'
import type { SearchKind } from '#contract/search'

/** Longer texts are found by their beginning. */
const MOST_CHARS = 32_000

export interface SearchText {
  readonly kind: SearchKind
  readonly text: string
}

/** What of an entry can be searched for; null for entries that say nothing of their own. */
export function searchText(payload: EntryPayload): SearchText | null {
  switch (payload.kind) {
    case 'user_message':
      return textOf('user', [payload.text, ...(payload.attachments ?? []).map(({ path, name }) => path ?? name)].filter(Boolean).join('\n'))
    case 'assistant_message': {
      const calls = payload.toolCalls.map((call) => `${call.name} ${words(call.arguments)}`)
      return textOf(payload.text === '' && calls.length > 0 ? 'tool' : 'agent', [payload.text, ...calls].filter(Boolean).join('\n'))
    }
    case 'tool_result':
      return textOf('tool', payload.content)
    default:
      return null
  }
}

function textOf(kind: SearchKind, text: string): SearchText | null {
  return text.trim() === '' ? null : { kind, text: text.slice(0, MOST_CHARS) }
}

/** The texts in the arguments of a call, without their names and marks. */
function words(value: unknown, depth = 4): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'object' || value === null || depth === 0) return ''
  return Object.values(value).map((item) => words(item, depth - 1)).filter(Boolean).join(' ')
}
