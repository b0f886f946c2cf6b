import type { WebSocket } from 'ws'
import type { Clock } from '#core/ports/system'

const PING_EVERY_MS = 30_000

/** Cuts a peer that left two pings in a row unanswered. Ends by itself when the socket closes. */
export function watchLiveness(socket: WebSocket, clock: Pick<Clock, 'after'>): void {
  let answered = true
  const beat = () => {
    if (!answered) return socket.terminate()
    answered = false
    socket.ping()
    cancel = clock.after(PING_EVERY_MS, beat)
  }
  let cancel = clock.after(PING_EVERY_MS, beat)
  socket.on('pong', () => {
    answered = true
  })
  socket.once('close', () => cancel())
}
