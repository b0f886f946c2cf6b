import type { Knowledge } from '#contract/knowledge'
import { turnPath } from '../../sessions/turn-path'
import type { GraphTools } from '../../tools/graph-tools'
import { draftOfStatement } from '../graph/knowledge'
import { fenceKnowledge } from './fence'
import { prepareNote } from './keep-notes'
import { draftOf } from './place-note'
import { toldTo } from './told'
import { type MemoryToolPorts, noteUse, originOf, placeOf } from './tools'

/** What agents note and look up of things: each statement is an item like any other note, with the same limits. */
export function createGraphToolkit(ports: MemoryToolPorts): GraphTools {
  const { store, events, memory, settings, clock } = ports
  return {
    add: async (sessionId, { statements, scope, ttl_seconds: ttl }) => {
      const path = turnPath(store, sessionId)
      const place = placeOf(ports, sessionId)
      const workspace = place.workspaceId === null ? null : store.workspaces.get(place.workspaceId)
      const context = {
        place, sessionId, told: toldTo(store, sessionId, path), review: settings().review, isTrustedFolder: workspace?.trusted ?? false, origin: originOf(ports, sessionId, 'An agent noted it'),
        entryId: path.findLast(({ payload }) => payload.kind === 'assistant_message')?.id ?? null,
      }
      const keeps = await Promise.all(statements.map((statement) => {
        const { kind, text } = draftOfStatement(statement)
        const note = { kind, scope, text, statements: [statement], ...(ttl !== undefined && { expiresAt: clock.now() + ttl * 1_000 }) }
        const known = memory.factItem(statement, placeWithin(draftOf(note, { place, untrusted: false })))
        return prepareNote(memory, { ...note, ...(known && known.text !== text && { updates: known.id }) }, context)
      }))
      const kept = events.transact(() => keeps.map((keep) => keep()))
      const count = (word: 'saved' | 'proposed' | 'nothing') => kept.filter((one) => one.kept === word).length
      const parts = [
        ...(count('saved') > 0 ? [`${count('saved')} noted.`] : []), ...(count('proposed') > 0 ? [`${count('proposed')} put up for the person to review.`] : []),
        ...(count('nothing') > 0 ? [`${count('nothing')} not noted: known already, or the person had it forgotten.`] : []),
      ]
      return { content: parts.join(' '), details: { kind: 'memory', action: 'graph_add', itemIds: kept.flatMap(({ item }) => item?.id ?? []), untrusted: false } }
    },
    query: async (sessionId, { query, type, relation, around, depth, limit }) => {
      const found = await memory.graph({ q: query, type: type?.toLowerCase(), relation, around, depth: depth ?? (around === undefined ? 0 : 1), limit }, placeOf(ports, sessionId))
      const itemIds = itemsOf(found)
      noteUse(ports, sessionId, itemIds)
      return {
        content: found.entities.length === 0 ? 'Nothing is known of that.' : fenceKnowledge(found),
        details: { kind: 'memory', action: 'graph_query', itemIds, untrusted: hasUntrusted(found) },
      }
    },
  }
}

function placeWithin({ scope = 'user', workspaceId = null, sessionId = null }: ReturnType<typeof draftOf>) {
  return { scope, workspaceId, sessionId }
}

const MOST_ITEMS = 50

function itemsOf({ entities, relations }: Knowledge): string[] {
  return [...new Set([...entities.flatMap(({ facts }) => facts), ...relations].flatMap(({ itemIds }) => itemIds))].slice(0, MOST_ITEMS)
}

/** A name alone may come from outside too. */
function hasUntrusted({ entities, relations }: Knowledge): boolean {
  return [...entities, ...entities.flatMap(({ facts }) => facts), ...relations].some(({ trust }) => trust === 'untrusted')
}
