import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, realpathSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import type { Logger } from '#core/ports/system'
import type { Runtime } from '../../../runtime/create-runtime'
import { createFaceClient } from './client'

/** What systems take as the path of a socket. */
const LONGEST_PATH = 100
const MOST_CLIENTS = 20

/** Where MCP clients of this person reach Trestle on this machine; nobody else can open it, and no confined command sees it. */
export function faceSocketPath(profile: string): string {
  const real = realpathSync(profile)
  const mark = createHash('sha256').update(real).digest('hex').slice(0, 16)
  if (process.platform === 'win32') return `\\\\.\\pipe\\trestle-mcp-${mark}`
  const inside = join(real, 'mcp.sock')
  return inside.length <= LONGEST_PATH ? inside : join(tmpdir(), `trestle-${userInfo().uid}`, `${mark}.sock`)
}

/** Listens while the settings let clients in. The library is loaded with the first one. The result closes everything. */
export function openFaceSocket({ runtime, profile, version, logger }: { readonly runtime: Runtime; readonly profile: string; readonly version: string; readonly logger: Logger }): () => Promise<void> {
  const path = faceSocketPath(profile)
  const client = createFaceClient(runtime.router)
  const open = new Set<Socket>()
  let server: Server | null = null

  const serve = async (socket: Socket): Promise<void> => {
    if (open.size >= MOST_CLIENTS) return void socket.destroy()
    open.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => open.delete(socket))
    try {
      await (await import('./face')).serveFace({ client, visitors: runtime.mcpVisitors, version }, socket, socket)
    } catch (error) {
      logger.warn('mcp.client', { error })
    } finally {
      socket.destroy()
    }
  }
  const close = async (): Promise<void> => {
    const closing = server
    server = null
    for (const socket of open) socket.destroy()
    if (closing) await new Promise<void>((resolve) => { closing.close(() => resolve()) })
  }
  const follow = (mayCome: boolean): void => {
    if (!mayCome) return void close()
    if (server) return
    try {
      if (process.platform !== 'win32') {
        if (!path.startsWith(realpathSync(profile))) mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 })
        // Of a process that was killed; the lock of the profile says that nobody listens there now.
        rmSync(path, { force: true })
      }
      const listening = createServer((socket) => void serve(socket))
      listening.on('error', (error) => logger.warn('mcp.socket', { error }))
      listening.listen(path, () => { if (process.platform !== 'win32') chmodSync(path, 0o600) })
      server = listening
    } catch (error) {
      logger.warn('mcp.socket', { error })
    }
  }
  let changed = false
  const stopFollowing = runtime.onDidChangeSettings(({ mcpServer }) => {
    changed = true
    follow(mcpServer.access !== 'off')
  })
  // What changed meanwhile is newer.
  void client.settings.get({}).then(({ mcpServer }) => { if (!changed) follow(mcpServer.access !== 'off') })
  return async () => {
    stopFollowing()
    await close()
  }
}
