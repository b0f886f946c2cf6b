import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { createProviderWithin } from '../create-provider'

/** A server that answers as those for embeddings do; `change` makes something else of the answer. */
async function open(change: (data: { index: number; embedding: number[] }[]) => unknown = (data) => ({ object: 'list', model: 'm', data }), status = 200) {
  const bodies: unknown[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as { input: string[] }
      bodies.push([request.url, body])
      const data = body.input.map((text, index) => ({ object: 'embedding', index, embedding: [text.length, index, 0.5] }))
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(change(data)))
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => { server.close() })
  const provider = createProviderWithin({ id: 'local', kind: 'compatible', baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, apiKey: null }, {})
  if (!provider.embedder) throw new Error('no embedder')
  return { bodies, embed: (texts: readonly string[]) => provider.embedder?.('org/embed').embed(texts, new AbortController().signal) }
}

it('asks for numbers and gives vectors in the order of the texts, whatever the order of the answer', async () => {
  const { embed, bodies } = await open((data) => ({ data: data.reverse() }))
  expect(await embed(['four', 'seventy'])).toEqual([Float32Array.from([4, 0, 0.5]), Float32Array.from([7, 1, 0.5])])
  expect(bodies).toEqual([['/v1/embeddings', { model: 'org/embed', input: ['four', 'seventy'], encoding_format: 'float' }]])
})

it.each([
  ['a vector is missing', (data: { index: number; embedding: number[] }[]) => ({ data: data.slice(1) })],
  ['they differ in length', (data: { index: number; embedding: number[] }[]) => ({ data: data.map((one, index) => ({ ...one, embedding: one.embedding.slice(index) })) })],
  ['one is empty', (data: { index: number; embedding: number[] }[]) => ({ data: data.map((one) => ({ ...one, embedding: [] })) })],
])('takes no answer in which %s', async (_name, change) => {
  const { embed } = await open(change)
  await expect(embed(['one', 'two'])).rejects.toMatchObject({ code: 'PROVIDER_REJECTED' })
})

it('says in our words what the server refuses', async () => {
  const { embed } = await open(() => ({ error: { message: 'no such model' } }), 404)
  await expect(embed(['one'])).rejects.toMatchObject({ name: 'AppError' })
})

it('is not there for a provider without such models', () => {
  expect(createProviderWithin({ id: 'anthropic', kind: 'anthropic', baseUrl: null, apiKey: 'key-123456' }, {}).embedder).toBeUndefined()
})
