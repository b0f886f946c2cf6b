import type { ReplyWriter } from './reply-stream'

/** The same response, whose body tells the writer of every piece that is read. */
export function watchResponse(response: Response, writer: ReplyWriter): Response {
  writer.answered()
  const { body } = response
  if (body === null) return response
  const getReader = (): object => {
    const reader = body.getReader()
    return {
      async read() {
        const piece = await reader.read()
        if (!piece.done) writer.received(piece.value.byteLength)
        return piece
      },
      cancel: () => reader.cancel(),
      releaseLock: () => reader.releaseLock(),
    }
  }
  return Object.defineProperty(response, 'body', { value: { getReader }, configurable: true })
}
