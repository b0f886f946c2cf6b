import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isAppError } from '#core/errors'
import type { McpConnection, McpHelp, McpListener, McpTarget } from '#core/ports/mcp-client'
import { realMcpClients } from './real-mcp-clients'

/** What the conformance suite starts: our client against the server of its last argument, signing in as a browser would. */
const never = new AbortController().signal
const folder = mkdtempSync(join(tmpdir(), 'trestle-conformance-'))
const kept: { text: string | null } = { text: null }
const clients = realMcpClients(folder)
const listener: McpListener = { onEnd: () => undefined, onToolsChanged: () => undefined, onLine: (line) => console.error(line), onDropped: () => undefined }
const target: McpTarget = {
  id: 'server', name: 'conformance', secrets: {}, transport: { kind: 'http', url: process.argv.at(-1) ?? '', headers: [] },
  credentials: { read: () => Promise.resolve(kept.text), write: (text) => { kept.text = text; return Promise.resolve() } },
}
const help: McpHelp = { ask: () => Promise.resolve({}), sample: () => Promise.resolve({ text: 'A reply', model: 'test' }) }

const isRefused = (error: unknown) => isAppError(error) && error.code === 'AUTHENTICATION_ERROR'

async function signIn(): Promise<void> {
  const { url, done } = await clients.signIn(target, never)
  const answer = await fetch(url, { redirect: 'manual' })
  const back = answer.headers.get('location')
  if (back === null) throw new Error('the sign-in leads nowhere')
  await fetch(back)
  await done
}

async function withSignIn<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isRefused(error)) throw error
    await signIn()
    return work()
  }
}

async function visit(connection: McpConnection): Promise<void> {
  for (const { name } of await connection.listTools(never)) {
    await connection.callTool(name, name === 'add_numbers' ? { a: 5, b: 3 } : {}, { signal: never, onProgress: () => undefined, help })
  }
}

try {
  await withSignIn(async () => {
    const connection = await clients.connect(target, listener, never)
    await visit(connection).finally(() => connection.close())
  })
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exit(0)
