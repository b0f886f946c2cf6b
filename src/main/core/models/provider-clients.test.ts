import { expect, test } from 'vitest'
import { SettingsSchema } from '#contract/settings'
import type { ModelProvider, ModelRequest } from '../ports/model-provider'
import { parseEnvironment } from '../settings/environment'
import { openMemoryStore } from '../../adapters/sqlite'
import { createManualClock } from '../../../testing/manual-clock'
import { createProviderClients } from './provider-clients'

const key = `ghp_${'aB3dE6gH9jK2mN5pQ8rS1tU4vW7xY0zAbCdE'}`
const request: ModelRequest = { model: 'm', system: `Rules: ${key}`, messages: [{ role: 'user', text: `Use ${key}` }, { role: 'tool', callId: 'c', toolName: 'read', content: `TOKEN=${key}`, isError: false }], tools: [], maxOutputTokens: 10, thinking: false }

async function clientOf(settings: object = {}) {
  const asked: { request: ModelRequest; signal: AbortSignal }[] = []
  const embedded: { texts: readonly string[]; signal: AbortSignal }[] = []
  const provider: ModelProvider = {
    stream: async function* (sent, signal) {
      asked.push({ request: sent, signal })
      yield { type: 'aborted' }
    },
    listModels: () => Promise.resolve([]),
    embedder: () => ({ embed: (texts, signal) => (embedded.push({ texts, signal }), Promise.resolve([])) }),
  }
  const lock = new AbortController()
  const clock = createManualClock()
  const clients = createProviderClients({
    settings: () => SettingsSchema.parse({ compatible: [{ id: 'fake', name: 'Fake', baseUrl: 'http://127.0.0.1:9' }], ...settings }), environment: parseEnvironment({}),
    secrets: { kind: 'session', get: () => Promise.resolve(null), set: () => Promise.resolve(), remove: () => Promise.resolve() },
    store: openMemoryStore({ clock }), audit: { append: () => undefined }, clock, newId: () => 'id', onKeyMoved: () => undefined, onKeyKnown: () => undefined,
    createProvider: () => Promise.resolve(provider), demo: { start: () => Promise.resolve(''), stop: () => Promise.resolve() }, lockSignal: () => lock.signal,
  })
  const client = await clients.client(clients.get('fake'), null)
  const ask = async (sent: ModelRequest) => {
    for await (const event of client.stream(sent, new AbortController().signal)) if (event.type === 'aborted') break
    return JSON.stringify(asked.at(-1)?.request)
  }
  return { client, ask, asked, embedded, lock }
}

test('whoever asks a model, and whatever for, sends nothing that looks like a key', async () => {
  const { client, ask, embedded } = await clientOf()
  expect(await ask(request)).not.toContain(key)
  await client.embedder?.('e').embed([`Remember ${key}`], new AbortController().signal)
  expect(embedded[0]?.texts).toEqual(['Remember [left out by Trestle: a GitHub token]'])
})

test('but what a person let through, or lets through always', async () => {
  const { ask } = await clientOf()
  expect(await ask({ ...request, allowedSecrets: new Set([key]) })).toContain(`Use ${key}`)
  const always = await clientOf({ secrets: { found: 'send' } })
  expect(await always.ask(request)).toContain(`Use ${key}`)
})

test('a lock-down ends what is being asked, and what is asked then', async () => {
  const { client, ask, asked, embedded, lock } = await clientOf()
  await ask(request)
  expect(asked[0]?.signal.aborted).toBe(false)
  lock.abort()
  expect(asked[0]?.signal.aborted).toBe(true)
  await client.embedder?.('e').embed(['x'], new AbortController().signal)
  expect(embedded[0]?.signal.aborted).toBe(true)
})
