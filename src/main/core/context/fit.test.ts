import { describe, expect, it } from 'vitest'
import type { Entry, EntryPayload } from '#contract/entries'
import { buildContext } from './build-context'
import { planDiscard, planSummary, tokenBudget } from './fit'

const now = 1_700_000_000_000
let count = 0

function entries(...payloads: EntryPayload[]): Entry[] {
  return payloads.map((payload) => ({ id: `e${++count}`, sessionId: 's', parentId: null, runId: 'r', stepId: null, at: now - 1000, payload }))
}
const user = (text: string): EntryPayload => ({ kind: 'user_message', text })
const reply = (text: string, ...callIds: string[]): EntryPayload => ({
  kind: 'assistant_message', text, thinking: [], model: 'fake/model', finishReason: callIds.length > 0 ? 'tool_calls' : 'stop',
  toolCalls: callIds.map((id) => ({ id, name: 'read', arguments: {} })),
})
const result = (callId: string, content: string): EntryPayload => ({ kind: 'tool_result', callId, toolName: 'read', outcome: 'success', content, durationMs: 1 })
const contextOf = (path: readonly Entry[]) => buildContext({ path, system: 'Be brief.', tools: [], modelId: 'fake/model' })
const long = (word: string, tokens: number) => `${word} `.repeat(Math.ceil((tokens * 4) / (word.length + 1)))

describe('the budget', () => {
  it('leaves room for the answer and for what estimates may be wrong by', () => {
    expect(tokenBudget({ contextWindow: 200_000, maxOutputTokens: 64_000 })).toEqual({ output: 32_000, input: 159_600 })
    expect(tokenBudget({ contextWindow: 4_000, maxOutputTokens: 4_000 })).toEqual({ output: 1333, input: 2533 })
    expect(tokenBudget({ contextWindow: null, maxOutputTokens: null })).toEqual({ output: 8192, input: 22_617 })
  })
})

describe('leaving out tool outputs', () => {
  const path = entries(
    user('go'), ...['a', 'b', 'c', 'd', 'e', 'f'].flatMap((id) => [reply('', id), result(id, long(id, 1000))]),
  )

  it('does nothing while everything fits', () => {
    expect(planDiscard(contextOf(path), { input: 10_000, output: 1 }, 1)).toBeNull()
  })

  it('takes the oldest first and never the newest four', () => {
    const plan = planDiscard(contextOf(path), { input: 5000, output: 1 }, 1)
    expect(plan?.entryIds).toEqual([path[2]?.id, path[4]?.id])
  })

  it('counts what the provider counted when that is more than the estimate', () => {
    expect(planDiscard(contextOf(path), { input: 8_000, output: 1 }, 1)).toBeNull()
    expect(planDiscard(contextOf(path), { input: 8_000, output: 1 }, 1.5)?.entryIds).toEqual([path[2]?.id, path[4]?.id])
  })

  it('puts a note in the place of what was left out, for the model only', () => {
    const marked = [...path, ...entries({ kind: 'context_discard', entryIds: [path[2]?.id ?? ''], tokens: 1000 })]
    const context = contextOf(marked)
    expect(context.items.filter(({ kind }) => kind === 'discarded').map(({ entry }) => entry?.id)).toEqual([path[2]?.id])
    expect(context.messages[2]).toMatchObject({ role: 'tool', callId: 'a', content: expect.stringContaining('left out to save room') })
  })
})

describe('summarising', () => {
  const path = entries(
    user(long('harbour', 900)), reply('old answer'), user('the second question'), reply(long('pier', 900)), user('now'), reply(long('sail', 300)), user('last'),
  )

  it('covers the older part and keeps the newest turns as they are', () => {
    const plan = planSummary(path, contextOf(path), { input: 1000, output: 1 }, 1, now)
    expect(plan?.covered.map(({ entry }) => entry.id)).toEqual(path.slice(0, 4).map(({ id }) => id))
    expect(plan?.untilEntryId).toBe(path[3]?.id)
  })

  it('keeps an older message that shares its words with the current one, if there is room', () => {
    const related = entries(user('the harbour master wants tides'), reply(long('filler', 2000)), user('which tides does the harbour master want'))
    const plan = planSummary(related, contextOf(related), { input: 1000, output: 1 }, 1, now)
    expect(plan?.keptEntryIds).toEqual([related[0]?.id])
    expect(plan?.covered.map(({ entry }) => entry.id)).toEqual([related[1]?.id])
  })

  it('forgets relation after a day', () => {
    const related = entries(user('the harbour master wants tides'), reply(long('filler', 2000)), user('which tides does the harbour master want'))
    expect(planSummary(related, contextOf(related), { input: 1000, output: 1 }, 1, now + 25 * 3600_000)?.keptEntryIds).toEqual([])
  })

  it('has nothing to offer when the newest message alone is too long', () => {
    const single = entries(user(long('harbour', 5000)))
    expect(planSummary(single, contextOf(single), { input: 1000, output: 1 }, 1, now)).toBeNull()
  })

  it('stands for what it covers from then on', () => {
    const summary: EntryPayload = { kind: 'summary', text: 'They spoke of piers.', untilEntryId: path[3]?.id ?? '', keptEntryIds: [], tokensBefore: 1, tokensAfter: 1 }
    const context = contextOf([...path, ...entries(summary, user('more'))])
    expect(context.messages.map((message) => (message.role === 'tool' ? '' : message.text.slice(0, 20)))).toEqual([
      '[Summary of the earl', 'now', 'sail sail sail sail ', 'last', 'more',
    ])
  })
})

describe('a context', () => {
  it('has every call followed by its results in the order of the calls, and a word for one that has none', () => {
    const path = entries(user('go'), reply('', 'a', 'b', 'c'), result('c', 'third'), result('a', 'first'))
    expect(contextOf(path).messages.slice(2)).toEqual([
      { role: 'tool', callId: 'a', toolName: 'read', content: 'first', isError: false },
      { role: 'tool', callId: 'b', toolName: 'read', content: '[This call was not carried out.]', isError: true },
      { role: 'tool', callId: 'c', toolName: 'read', content: 'third', isError: false },
    ])
  })

  it('gives reasoning back only to the provider that wrote it', () => {
    const path = entries(user('go'), { ...reply('answer'), thinking: [{ text: 'hm', signature: 's' }] } as EntryPayload)
    const thinking = (modelId: string) => {
      const [, message] = buildContext({ path, system: '', tools: [], modelId }).messages
      return message?.role === 'assistant' ? message.thinking : null
    }
    expect(thinking('fake/other')).toEqual([{ text: 'hm', signature: 's' }])
    expect(thinking('openai/model')).toEqual([])
  })

  it('leaves out replies that were cut, since they were asked for again', () => {
    const path = entries(user('go'), { ...reply('half'), finishReason: 'cut' } as EntryPayload, reply('whole'))
    expect(contextOf(path).messages).toHaveLength(2)
  })
})
