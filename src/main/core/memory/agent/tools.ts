import type { MemoryItem } from '#contract/memory'
import type { LearningSettings } from '#contract/settings'
import { notFound } from '../../errors'
import type { EventStream } from '../../events/event-stream'
import type { Store } from '../../ports/store'
import type { Clock } from '../../ports/system'
import { getSession } from '../../sessions/publish'
import { type MemoryTools, NOTED, type RememberInput } from '../../tools/memory-tools'
import type { ToolOutput } from '../../tools/tool'
import type { AgentMemory, MemoryOrigin, Place } from './agent-memory'
import { fenceItems } from './fence'
import { prepareNote } from './keep-notes'
import type { LearntNote } from './learn-by-rules'
import { memoryPlace } from './memory-place'
import { isPrivateNote } from './private-notes'
import { toldTo } from './told'

export interface MemoryToolPorts {
  readonly store: Pick<Store, 'sessions' | 'journal' | 'runs' | 'workspaces' | 'agents'>
  readonly events: EventStream
  readonly memory: AgentMemory
  readonly settings: () => LearningSettings
  readonly newTraceId: () => string
  readonly clock: Pick<Clock, 'now'>
}

/** What agents note, look up and want forgotten, within what their session may see. */
export function createMemoryToolkit(ports: MemoryToolPorts): MemoryTools {
  const { store, events, memory, settings } = ports
  const seen = (sessionId: string, id: string): MemoryItem => {
    const item = memory.tellable([id], placeOf(ports, sessionId))[0]
    if (!item) throw notFound('Memory item', id)
    return item
  }
  return {
    remember: async (sessionId, input, path) => {
      const place = placeOf(ports, sessionId)
      const workspace = place.workspaceId === null ? null : store.workspaces.get(place.workspaceId)
      const keep = await prepareNote(memory, noteOf(input), {
        place, sessionId, told: toldTo(store, sessionId, path), review: settings().review, isTrustedFolder: workspace?.trusted ?? false,
        entryId: path.findLast(({ payload }) => payload.kind === 'assistant_message')?.id ?? null,
        origin: originOf(ports, sessionId, 'An agent noted it'),
      })
      const { kept, item, isKnown = false } = events.transact(() => keep())
      return { content: isKnown ? 'Known already; it is up to date now.' : answers[kept], details: { kind: 'memory', action: 'remember', itemIds: item === null ? [] : [item.id], untrusted: false } }
    },
    recall: async (sessionId, { query, kinds, limit }) => {
      const place = placeOf(ports, sessionId)
      const items = (await memory.search({ q: query, place, limit, ...(kinds && kinds.length > 0 && { kinds }) })).map(({ item }) => item)
      noteUse(ports, sessionId, items.map(({ id }) => id))
      return {
        content: items.length === 0 ? 'Nothing is remembered of that.' : fenceItems(items, { code: Math.floor(RECALLED_CODE / items.length) }),
        details: { kind: 'memory', action: 'recall', itemIds: items.map(({ id }) => id), untrusted: items.some(({ trust }) => trust === 'untrusted'), sensitive: items.some(isPrivateNote) },
      }
    },
    shown: (sessionId, id) => seen(sessionId, id).text,
    forget: (sessionId, id, reason): ToolOutput => {
      seen(sessionId, id)
      memory.forget(id, originOf(ports, sessionId, `An agent asked for it and you agreed: ${reason}`))
      return { content: 'Forgotten.', details: { kind: 'memory', action: 'forget', itemIds: [id], untrusted: false } }
    },
    isForgotten: (sessionId, id) => memory.tellable([id], placeOf(ports, sessionId)).length === 0,
  }
}

/** Of all items that are recalled together, in characters. */
const RECALLED_CODE = 12_000

const answers = {
  saved: NOTED,
  proposed: 'Put up for the person to review; it counts once they have accepted it.',
  nothing: 'Not noted: it is known already, or the person had it forgotten.',
} as const

function noteOf({ problem, steps, outcome, artifacts, ...note }: RememberInput): LearntNote {
  const { kind, scope, text, title, tags, importance } = note
  return {
    kind, scope, text, ...(title !== undefined && { title }), ...(tags && { tags }), ...(importance !== undefined && { importance }),
    ...(kind === 'solution' && { solution: { problem: problem ?? text, steps: steps ?? [], outcome: outcome ?? '', artifacts: (artifacts ?? []).map(({ path, code }) => ({ ...(path !== undefined && { path }), text: code })) } }),
  }
}

export function placeOf({ store }: MemoryToolPorts, sessionId: string): Place {
  return memoryPlace(store, getSession(store, sessionId).id)
}

/** What an agent was told of the memory was used there. */
export function noteUse({ store, events, memory, clock }: MemoryToolPorts, sessionId: string, itemIds: readonly string[]): void {
  const run = store.runs.listInStates(['running', 'waiting'], sessionId)[0]
  if (run && itemIds.length > 0) events.transact(() => memory.used(itemIds, clock.now(), { sessionId, runId: run.id }), 'later')
}

export function originOf({ store, newTraceId }: MemoryToolPorts, sessionId: string, cause: string): MemoryOrigin {
  const run = store.runs.listInStates(['running', 'waiting'], sessionId)[0]
  return { by: 'agent', cause, sessionId, runId: run?.id ?? null, traceId: newTraceId() }
}
