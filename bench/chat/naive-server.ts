import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { extname, join, resolve } from 'node:path'
import { build } from 'vite'
import type { EntryPayload } from '../../src/contract/entries'

const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

export interface Naive {
  readonly url: string
  /** Where its built files are. */
  readonly assets: string
  readonly close: () => Promise<void>
}

/** The peer: the same conversation with react-markdown in a plain list, as a first version would be built. */
export async function startNaive(payloads: readonly EntryPayload[], stream: (response: ServerResponse) => void): Promise<Naive> {
  // A folder of its own: runs side by side, and the next bundling, must not take it away.
  const out = await mkdtemp(join(tmpdir(), 'trestle-naive-'))
  const root = resolve('bench/peers/naive-chat')
  await build({ root, configFile: false, logLevel: 'error', publicDir: false, build: { outDir: out, emptyOutDir: true, minify: true } })
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    if (pathname === '/messages') return response.setHeader('content-type', 'application/json').end(JSON.stringify(payloads))
    if (pathname === '/stream') return stream(response.setHeader('content-type', 'text/plain; charset=utf-8'))
    const file = join(out, pathname === '/' ? 'index.html' : pathname)
    const body = await readFile(file).catch(() => null)
    return body === null ? response.writeHead(404).end() : response.setHeader('content-type', types[extname(file)] ?? 'text/plain').end(body)
  }
  const server = createServer((request, response) => void answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    url: `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}/`,
    assets: join(out, 'assets'),
    close: async () => {
      server.close()
      server.closeAllConnections()
      await rm(out, { recursive: true, force: true })
    },
  }
}
