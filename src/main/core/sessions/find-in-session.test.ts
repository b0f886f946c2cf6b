import { expect, test } from 'vitest'
import type { Entry, EntryPayload } from '#contract/entries'
import { findInSession } from './find-in-session'

const result = (content: string): EntryPayload => ({ kind: 'tool_result', callId: 'c', toolName: 't', outcome: 'success', content, durationMs: 1 })

function journalOf(payloads: readonly EntryPayload[]) {
  const entries = payloads.map((payload, index): Entry => ({
    id: `e${index}`, sessionId: 's', parentId: index === 0 ? null : `e${index - 1}`, runId: null, stepId: null, at: 0, payload,
  }))
  return {
    path: (id: string, limit = entries.length) => {
      const end = entries.findIndex((entry) => entry.id === id) + 1
      return entries.slice(Math.max(0, end - limit), end)
    },
  }
}

const find = (payloads: readonly EntryPayload[], query: string) =>
  findInSession({ journal: journalOf(payloads), clock: { sleep: async () => {} } }, payloads.length === 0 ? null : `e${payloads.length - 1}`, query)

test('finds words in whatever case, in messages, arguments and outputs, and says where they are', async () => {
  const payloads: EntryPayload[] = [
    { kind: 'user_message', text: 'Find the Überraschung, the überraschung' },
    { kind: 'assistant_message', text: '', thinking: [{ text: 'überraschung' }], model: 'm/m', finishReason: 'tool_calls', toolCalls: [{ id: 'c', name: 't', arguments: { path: 'Überraschung.md', depth: 2 } }] },
    result('nothing'),
    result('ÜBERRASCHUNG.md'),
  ]
  expect(await find(payloads, 'überraschung')).toEqual({
    items: [{ entryId: 'e0', matches: 2, position: 0 }, { entryId: 'e1', matches: 1, position: 1 }, { entryId: 'e3', matches: 1, position: 3 }], matches: 4, truncated: false,
  })
})

test('a long conversation is searched to its start, and what is found too often is cut at the old end', async () => {
  const payloads = Array.from({ length: 5_300 }, (): EntryPayload => ({ kind: 'user_message', text: 'again and again' }))
  const found = await find(payloads, 'again')
  expect([found.matches, found.items.length, found.items.at(-1)?.position, found.truncated]).toEqual([10_600, 5_000, 5_299, true])
})

test('an empty branch has nothing', async () => {
  expect(await find([], 'x')).toEqual({ items: [], matches: 0, truncated: false })
})
