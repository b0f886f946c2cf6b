import { implement } from '@orpc/server'
import { contract } from '#contract'
import { SettingsSchema } from '#contract/settings'
import type { Session } from '#contract/sessions'
import { AppError, notFound } from '#core/errors'
import type { AppRouter, CallContext } from '../../../runtime/router'
import type { EventSource } from '../server/event-subscription'

const noUsage = { inputTokens: 0, outputTokens: 0, cachedTokens: 0, totalTokens: 0, estimated: false }

export const fakeSession: Session = {
  id: 'session-1', workspaceId: null, title: 'New session', model: null, mode: 'ask', status: 'idle', archived: false, pinned: false, deletedAt: null,
  activeHeadId: 'head-1', heads: [{ id: 'head-1', entryId: null, createdAt: 1 }], openRequests: 0, queuedRuns: 0,
  usage: noUsage, costUsd: null, createdAt: 1, updatedAt: 1,
}

/** Just enough of the contract to prove the transports: answers, failures of each kind, a stream. */
export function createFakeRouter(events: EventSource): AppRouter {
  const os = implement(contract).$context<CallContext>()
  const absent = () => {
    throw new AppError('CONFLICT', 'not part of this test')
  }
  const answered = {
    settings: { get: os.settings.get.handler(() => SettingsSchema.parse({})) },
    system: {
      info: os.system.info.handler(({ context }) => ({
        version: context.traceId, host: 'headless', platform: 'test', folderPicker: false, restart: false, secrets: 'session', notices: [],
      })),
    },
    sessions: {
      create: os.sessions.create.handler(({ input }) => ({ ...fakeSession, title: input.title ?? fakeSession.title })),
      get: os.sessions.get.handler(({ input }) => {
        throw notFound('Session', input.id)
      }),
      remove: os.sessions.remove.handler(() => ({})),
      send: os.sessions.send.handler(({ input }) => ({ runId: String(input.text.length) })),
    },
    runs: {
      get: os.runs.get.handler(() => {
        throw new Error('a secret of the machine room')
      }),
    },
    models: { refresh: os.models.refresh.handler(() => ({ items: [], errors: [] })) },
    events: { subscribe: os.events.subscribe.handler(({ input, signal }) => subscribed(events, input, signal)) },
  }
  const router = fill(contract, os, answered, absent)
  if (!isRouter(router)) throw new Error('the contract is empty')
  return router
}

async function* subscribed(events: EventSource, input: Parameters<EventSource['subscribe']>[0], signal = new AbortController().signal) {
  yield* events.subscribe(input, signal)
}

/** Every call of the contract that has no answer fails in the same way. */
function fill(node: unknown, implementer: unknown, answered: unknown, handler: () => never): unknown {
  if (answered !== undefined && !isRecord(answered)) return answered
  if (!isRecord(node)) return answered
  if ('~orpc' in node) return answered ?? (hasHandler(implementer) ? implementer.handler(handler) : undefined)
  const child = (parent: unknown, name: string) => (isRecord(parent) ? parent[name] : undefined)
  return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, fill(value, child(implementer, name), child(answered, name), handler)]))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return (typeof value === 'object' || typeof value === 'function') && value !== null
}

function hasHandler(value: unknown): value is { handler(handler: () => never): unknown } {
  return isRecord(value) && typeof value['handler'] === 'function'
}

function isRouter(value: unknown): value is AppRouter {
  return isRecord(value) && Object.keys(value).length > 0
}
