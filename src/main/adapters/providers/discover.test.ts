import { createServer, type RequestListener } from 'node:http'
import { once } from 'node:events'
import { expect, it, onTestFinished } from 'vitest'
import { createDiscoverLocalServers } from './discover'

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

const json = (body: unknown): RequestListener => (_request, response) => void response.end(JSON.stringify(body))
const list = (...ids: readonly string[]) => ({ object: 'list', data: ids.map((id) => ({ id, object: 'model' })) })

it('finds the servers that answer with a model list, in the order of the candidates', async () => {
  const paths: (string | undefined)[] = []
  const first = await serve((request, response) => {
    paths.push(request.url)
    json(list('qwen3:8b', 'nomic-embed-text'))(request, response)
  })
  const second = await serve(json({ data: [{ id: 'm', owned_by: 'vllm' }] }))
  const discover = createDiscoverLocalServers({ candidates: [{ name: 'Ollama', port: first }, { name: 'llama.cpp', port: second }] })
  expect(await discover()).toEqual([
    { name: 'Ollama', baseUrl: `http://127.0.0.1:${first}/v1`, models: ['qwen3:8b'] },
    { name: 'vLLM', baseUrl: `http://127.0.0.1:${second}/v1`, models: ['m'] },
  ])
  expect(paths).toEqual(['/v1/models'])
})

it('takes nothing else for a model server', async () => {
  const target = await serve(json(list('m')))
  const ports = [
    await serve((_request, response) => void response.end('<html>hello</html>')),
    await serve(json({ data: 'm' })),
    await serve(json([list('m')])),
    await serve((_request, response) => void response.writeHead(404).end(JSON.stringify(list('m')))),
    await serve((_request, response) => void response.writeHead(302, { location: `http://127.0.0.1:${target}/v1/models` }).end()),
    await serve((_request, response) => void response.end(JSON.stringify({ ...list('m'), padding: 'x'.repeat(3_000_000) }))),
    await serve((request) => void request.socket.destroy()),
  ]
  const closed = await serve(() => undefined)
  const discover = createDiscoverLocalServers({ candidates: [...ports, closed].map((port) => ({ name: 'x', port })), timeoutMs: 300 })
  expect(await discover()).toEqual([])
})

it('does not ask ports of our own', async () => {
  let asked = 0
  const port = await serve((request, response) => {
    asked += 1
    json(list('m'))(request, response)
  })
  const discover = createDiscoverLocalServers({ candidates: [{ name: 'x', port }], excludePorts: () => [port] })
  expect([await discover(), asked]).toEqual([[], 0])
})
