import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { collectEvents, modelRequest, openModelServer } from '../../../testing/model-calls'
import { framesOf, type ScriptedReply } from '../../../testing/model-replies'
import type { ModelEvent } from '#core/ports/model-provider'
import { createProviderWithin } from './create-provider'

const reply: ScriptedReply = {
  thinking: 'Grübeln …',
  text: 'Ich lese das → jetzt.',
  toolCalls: [{ id: 'a', name: 'write_file', arguments: { path: 'ä.md', content: 'zwölf {"x":1}' } }],
  usage: { input: 10, output: 5 },
}

const bytesOf = (frames: readonly string[]) => Buffer.byteLength(frames.join(''))
const textIn = (events: readonly ModelEvent[]) => events.map((event) => (event.type === 'text' ? event.delta : '')).join('')
const isTerminal = (event: ModelEvent) => ['done', 'error', 'aborted'].includes(event.type)

describe.each(['compatible', 'anthropic'] as const)('%s: a stream that is cut', (kind) => {
  const { frames, endFrames } = framesOf(reply, kind === 'anthropic' ? 'anthropic' : 'openai', 'test-model', 0)
  const total = bytesOf(frames)
  /** Where the frame ends that says why the reply ended. */
  const finished = bytesOf(frames.slice(0, frames.length - endFrames + 1))

  async function server() {
    let cut: Pick<ScriptedReply, 'cutAfterBytes' | 'cutBy'> = {}
    const running = await openModelServer(() => ({ ...reply, ...cut }))
    const provider = createProviderWithin({ id: 'p', kind, baseUrl: running.url, apiKey: 'k' }, {})
    return (cutAfterBytes: number, cutBy: 'reset' | 'end') => {
      cut = { cutAfterBytes, cutBy }
      return collectEvents(provider.stream(modelRequest(), new AbortController().signal))
    }
  }

  const expectHonest = (events: readonly ModelEvent[], cutAfterBytes: number) => {
    const last = events.at(-1)
    expect(events.filter(isTerminal)).toEqual([last])
    expect(reply.text?.startsWith(textIn(events))).toBe(true)
    if (last?.type === 'done') {
      // Whole in all that counts: at most the two line ends of the finish, and what follows it, are missing.
      expect(cutAfterBytes).toBeGreaterThanOrEqual(finished - 2)
      expect(last).toMatchObject({ text: reply.text, toolCalls: [{ id: 'a', arguments: reply.toolCalls?.[0]?.arguments }] })
      expect(last.toolCalls[0]?.invalid).toBeUndefined()
    } else {
      expect(last).toMatchObject({ type: 'error', error: { code: cutAfterBytes === 0 ? expect.stringMatching(/STREAM_CUT|NETWORK_ERROR/) : 'STREAM_CUT', retryable: true } })
    }
  }

  it('at any byte, by a reset or a clean end, gives one terminal event, the text so far, and no unfinished call', async () => {
    const callCutAt = await server()
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: total }), fc.constantFrom('reset' as const, 'end' as const), async (at, by) => {
        expectHonest(await callCutAt(at, by), at)
      }),
      { numRuns: 150 },
    )
  })

  it('at each byte around the finish, gives the calls only after it', async () => {
    const callCutAt = await server()
    for (let at = finished - 40; at <= Math.min(total, finished + 10); at += 1) expectHonest(await callCutAt(at, 'end'), at)
  })

  it('nowhere, is done', async () => {
    const callCutAt = await server()
    expect((await callCutAt(total, 'end')).at(-1)).toMatchObject({ type: 'done', finishReason: 'tool_calls', usage: { inputTokens: 10, outputTokens: 5 } })
  })

  it('keeps all text that came before the cut', async () => {
    const callCutAt = await server()
    const untilText = frames.findIndex((frame) => frame.includes('jetzt'))
    const events = await callCutAt(bytesOf(frames.slice(0, untilText + 1)), 'reset')
    expect(textIn(events)).toBe(reply.text)
    expect(events.at(-1)).toMatchObject({ type: 'error', error: { code: 'STREAM_CUT' } })
  })
})
