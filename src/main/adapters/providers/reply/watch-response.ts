import type { ReplyWriter } from './reply-stream'

/** The same response, whose body tells the writer of every piece that arrives. */
export function watchResponse(response: Response, writer: ReplyWriter): Response {
  writer.answered()
  if (response.body === null) return response
  const reader = response.body.getReader()
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await reader.read()
      if (done) return controller.close()
      writer.received(value.byteLength)
      controller.enqueue(value)
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 })
  return new Response(body, { status: response.status, headers: response.headers })
}
