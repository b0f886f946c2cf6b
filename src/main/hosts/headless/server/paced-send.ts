import type { WebSocket } from 'ws'

/** Bytes that may wait for a slow reader before the writer has to wait as well. */
export const MAX_BUFFERED_BYTES = 1024 * 1024

/**
 * Sends and resolves at once while little is waiting, else when this message has left. Never rejects: a socket
 * that closes in between says so by its own event.
 */
export function sendPaced(socket: WebSocket, data: string | ArrayBufferLike | ArrayBufferView): Promise<void> {
  if (socket.readyState !== socket.OPEN) return Promise.resolve()
  return new Promise((resolve) => {
    const crowded = socket.bufferedAmount > MAX_BUFFERED_BYTES
    socket.send(data, () => resolve())
    if (!crowded) resolve()
  })
}
