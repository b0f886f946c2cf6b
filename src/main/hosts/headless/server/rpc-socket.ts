import { RPCHandler } from '@orpc/server/ws'
import type { WebSocket } from 'ws'
import type { AppRouter } from '../../../runtime/router'
import { peerCallOptions, type CallGuard } from '../../shared/calls'
import type { ReportBug } from '../../shared/wire-error'
import { sendPaced } from './paced-send'

const CLOSE_BAD_DATA = 1007

/** Serves the typed client over a WebSocket: calls and event streams, paced by how fast the other side reads. */
export function createRpcSockets({ router, guard, reportBug }: {
  readonly router: AppRouter
  readonly guard: CallGuard
  readonly reportBug: ReportBug
}): (socket: WebSocket) => Promise<void> {
  const handler = new RPCHandler(router, peerCallOptions({ guard, reportBug }))
  return (socket) => {
    socket.on('message', (data, isBinary) => {
      // The contract has no files, so every message is a JSON object as text.
      if (isBinary || !looksLikeObject(data)) socket.close(CLOSE_BAD_DATA, 'messages are JSON objects')
    })
    // The peer awaits each send, which is what paces its event streams.
    const paced = { addEventListener: socket.addEventListener.bind(socket), send: (data: string) => sendPaced(socket, data) }
    return handler.upgrade(paced, { context: { traceId: '' } })
  }
}

function looksLikeObject(data: unknown): boolean {
  return Buffer.isBuffer(data) && data[0] === 0x7b
}
