import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { framesOf } from '../../../testing/model-replies'
import { collectEvents, modelRequest } from '../../../testing/model-calls'
import { createProvider } from './create-provider'

it.each(['openai', 'anthropic'] as const)('%s: goes on over the same connection from call to call', async (kind) => {
  let connections = 0
  let ended: Promise<unknown> = Promise.resolve()
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(framesOf({ text: 'Hello there.' }, kind, 'test-model', 0).frames.join(''))
      // The last event is read before the body of the answer ends.
      setTimeout(() => response.end(), 20)
      ended = once(response, 'close')
    })
  })
  server.on('connection', () => { connections += 1 })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const provider = await createProvider({ id: kind, kind, apiKey: 'key', baseUrl: `http://127.0.0.1:${port}/v1` })
  for (let call = 0; call < 5; call += 1) {
    const events = await collectEvents(provider.stream(modelRequest(), new AbortController().signal))
    expect(events.at(-1)?.type).toBe('done')
    await ended
  }
  // A call that begins before the end of the one before it was read needs a second connection, and that is all.
  expect(connections).toBeLessThanOrEqual(2)
})
