import { onTestFinished } from 'vitest'
import type { ModelEvent, ModelRequest } from '#core/ports/model-provider'
import { startModelServer, type ModelScript, type ModelServer } from './model-server'

/** A model server that is closed when the test ends. */
export async function openModelServer(script: ModelScript, options: { readonly models?: readonly string[] } = {}): Promise<ModelServer> {
  const server = await startModelServer(script, options)
  onTestFinished(() => server.close())
  return server
}

export function modelRequest(changes: Partial<ModelRequest> = {}): ModelRequest {
  return { model: 'test-model', system: 'Be helpful.', messages: [{ role: 'user', text: 'Hello' }], tools: [], maxOutputTokens: 4096, thinking: false, ...changes }
}

/** All events, with neighbouring deltas of a kind as one: how they were cut is up to the network. */
export async function collectEvents(stream: AsyncIterable<ModelEvent>): Promise<ModelEvent[]> {
  const events: ModelEvent[] = []
  for await (const event of stream) {
    const last = events.at(-1)
    const continues = (event.type === 'text' || event.type === 'thinking') && last?.type === event.type
    if (continues) events[events.length - 1] = { type: event.type, delta: last.delta + event.delta }
    else events.push(event)
  }
  return events
}
