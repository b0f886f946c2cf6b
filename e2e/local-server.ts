import { once } from 'node:events'
import { createServer, type RequestListener, type ServerResponse } from 'node:http'

export interface LocalServer {
  readonly port: number
  readonly url: string
  close(): Promise<void>
}

/** A server of the test's own on loopback. Without a port, on any that is free. Rejects when the port is taken. */
export async function startLocalServer(listener: RequestListener, port = 0): Promise<LocalServer> {
  const server = createServer(listener).listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return {
    port: address.port,
    url: `http://127.0.0.1:${address.port}/v1`,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

export interface SlowModel extends LocalServer {
  /** Sends a piece of the reply that is asked for now, or next. */
  write(text: string): Promise<void>
  /** Ends that reply. */
  end(): Promise<void>
}

/** A model whose reply the test writes piece by piece. */
export async function startSlowModel(): Promise<SlowModel> {
  let onAsked = (_response: ServerResponse) => {}
  const asked = new Promise<ServerResponse>((resolve) => {
    onAsked = resolve
  })
  const server = await startLocalServer((request, response) => {
    if (request.method === 'GET') return void response.end(JSON.stringify({ data: [{ id: 'slow' }] }))
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    onAsked(response)
  })
  const send = async (data: string) => {
    const response = await asked
    await new Promise<void>((resolve) => response.write(`data: ${data}\n\n`, () => resolve()))
  }
  const chunk = (delta: object, finishReason: string | null) =>
    JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'slow', choices: [{ index: 0, delta, finish_reason: finishReason }] })
  return {
    ...server,
    write: (content) => send(chunk({ content }, null)),
    end: async () => {
      await send(chunk({}, 'stop'))
      await send('[DONE]')
      void (await asked).end()
    },
  }
}
