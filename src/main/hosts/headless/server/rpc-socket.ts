import { RPCHandler } from '@orpc/server/ws'
import type { WebSocket } from 'ws'
import type { AppRouter } from '../../../runtime/router'
import { peerCallOptions, type CallGuard } from '../../shared/calls'
import type { ReportBug } from '../../shared/wire-error'
import { sendPaced } from './paced-send'
import { isRpcFrame } from './rpc-frame'

const CLOSE_BAD_DATA = 1007

/** Serves the typed client over a WebSocket: calls and event streams, paced by how fast the other side reads. */
export function createRpcSockets({ router, guard, reportBug }: {
  readonly router: AppRouter
  readonly guard: CallGuard
  readonly reportBug: ReportBug
}): (socket: WebSocket) => Promise<void> {
  const handler = new RPCHandler(router, peerCallOptions({ guard, reportBug }))
  return (socket) => {
    const addEventListener: WebSocket['addEventListener'] = (type, listener, options) => {
      socket.addEventListener(type, (event) => {
        if (type === 'message' && !('data' in event && isRpcFrame(event.data))) socket.close(CLOSE_BAD_DATA, 'messages are calls, as JSON objects')
        else if (typeof listener === 'function') listener(event)
        else listener.handleEvent(event)
      }, options)
    }
    // The peer awaits each send, which is what paces its event streams.
    const paced = { addEventListener, send: (data: string) => sendPaced(socket, data) }
    return handler.upgrade(paced, { context: { traceId: '' } })
  }
}
