import type { Entry } from '#contract/entries'
import type { MemoryHit } from '#contract/memory'
import type { LearningSettings } from '#contract/settings'
import type { Clock, Logger } from '../../ports/system'
import type { AgentMemory, Place } from './agent-memory'
import { fenceItems } from './fence'
import { pickMemories, type PickedMemory } from './pick'

/** What of the memory a model call is sent. */
export interface CallMemory {
  /** Fenced; empty when nothing is sent. */
  readonly text: string
  readonly items: readonly PickedMemory[]
}

export const noMemory: CallMemory = { text: '', items: [] }

export interface CallMemoryPorts {
  readonly memory: AgentMemory
  readonly settings: () => LearningSettings
  readonly clock: Clock
  readonly logger: Logger
}

/** So long an embedding model may take; then words alone are searched too, and what comes first counts. */
const MEANING_MS = 1_000
/** A turn does not wait longer than this for its memory: only where the machine is out of breath. */
const MAX_WAIT_MS = 10_000
const MAX_QUERY_CHARS = 2_000
const MAX_HITS = 24

/**
 * The memory for the next call of a conversation: looked up anew for each call, so that what was corrected or forgotten counts at once.
 * Never throws: a call without memory is better than none.
 */
export async function memoryForCall(ports: CallMemoryPorts, path: readonly Entry[], place: Place, signal: AbortSignal): Promise<CallMemory> {
  const { recall, contextTokens } = ports.settings()
  const asked = path.findLast(({ payload }) => payload.kind === 'user_message')
  if (!recall || asked?.payload.kind !== 'user_message') return noMemory
  const query = { q: asked.payload.text.slice(0, MAX_QUERY_CHARS), place, limit: MAX_HITS }
  const done = new AbortController()
  const stop = AbortSignal.any([signal, done.signal])
  try {
    const both = await Promise.race([
      find(ports.memory, query, 'hybrid'),
      ports.clock.sleep(MEANING_MS, stop).then(() => find(ports.memory, query, 'words')),
      ports.clock.sleep(MAX_WAIT_MS, stop).then(() => null),
    ])
    if (both === null) {
      ports.logger.warn('memory.recall_late')
      return noMemory
    }
    // It may have expired while it was looked for.
    const now = ports.clock.now()
    const isThere = ({ item: { expiresAt } }: MemoryHit): boolean => expiresAt === null || expiresAt > now
    const items = pickMemories(both.about.filter(isThere), both.hits.filter(isThere), contextTokens)
    return { items, text: fenceItems(items.map(({ item }) => item)) }
  } catch (error) {
    if (!signal.aborted) ports.logger.error('memory.recall_failed', { error })
    return noMemory
  } finally {
    done.abort()
  }
}

async function find(memory: AgentMemory, { q, place, limit }: { readonly q: string; readonly place: Place; readonly limit: number }, mode: 'hybrid' | 'words') {
  const [about, hits] = await Promise.all([
    memory.search({ place, kinds: ['user'], limit }),
    q.trim() === '' ? [] : memory.search({ q, place, mode, limit }),
  ])
  return { about, hits }
}

/** What the newest call of a path was sent, as the items are now. */
export function memoryOnPath(memory: Pick<AgentMemory, 'tellable'>, path: readonly Entry[], place: Place): string {
  const newest = path.findLast(({ payload }) => payload.kind === 'memory_used')
  return newest?.payload.kind === 'memory_used' ? fenceItems(memory.tellable(newest.payload.items.map(({ id }) => id), place)) : ''
}
