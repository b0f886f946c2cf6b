import { describe, expect, it } from 'vitest'
import type { Entry } from '#contract/entries'
import { LearningSettingsSchema } from '#contract/settings'
import { createManualClock } from '../../../../testing/manual-clock'
import { aHit, anItem } from '../testing/samples'
import type { AgentMemory } from './agent-memory'
import { memoryForCall } from './call-memory'

const question: Entry = { id: 'e0', sessionId: 's', parentId: null, runId: 'r', stepId: null, at: 1, payload: { kind: 'user_message', text: 'Which port?' } }
const port = aHit(anItem('m', 'The harbour listens on port 3000.'), 1)
const never = new Promise<never>(() => undefined)

/** `slow`: the kinds of search that never come to an end. */
function callWith(slow: readonly ('hybrid' | 'words')[]) {
  const clock = createManualClock()
  const stop = new AbortController()
  const told: string[] = []
  const tell = (event: string) => void told.push(event)
  const search: AgentMemory['search'] = ({ q, mode = 'hybrid' }) => (q === undefined ? Promise.resolve([]) : slow.some((kind) => kind === mode) ? never : Promise.resolve([port]))
  const memory = { search } as Partial<AgentMemory> as AgentMemory
  const call = memoryForCall({ memory, settings: () => LearningSettingsSchema.parse({}), clock, logger: { debug: tell, info: tell, warn: tell, error: tell } }, [question], { workspaceId: null, sessionId: 's' }, stop.signal)
  return { call, clock, stop, told }
}

describe('the memory of a call', () => {
  it('is what is found by words and meaning', async () => {
    const { call, clock } = callWith([])
    expect((await call).text).toContain('port 3000')
    expect(clock.pending).toBe(0)
  })

  it('is found by words alone while the embedding model does not answer', async () => {
    const { call, clock, told } = callWith(['hybrid'])
    clock.advance(1_000)
    expect((await call).items).toMatchObject([{ item: { id: 'm' } }])
    expect(told).toEqual([])
  })

  it('is left out, and that is logged, when nothing comes in time', async () => {
    const { call, clock, told } = callWith(['hybrid', 'words'])
    clock.advance(10_000)
    expect((await call).items).toEqual([])
    expect(told).toEqual(['memory.recall_late'])
  })

  it('is not waited for once the turn is stopped', async () => {
    const { call, clock, stop, told } = callWith(['hybrid', 'words'])
    stop.abort()
    expect((await call).items).toEqual([])
    expect([told, clock.pending]).toEqual([[], 0])
  })
})
