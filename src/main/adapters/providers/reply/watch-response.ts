import type { ReplyWriter } from './reply-stream'

/** What a server may take to end an answer whose last event has been read, in ms. */
const END_WITHIN_MS = 1000

/**
 * The same response, whose body tells the writer of every piece that arrives. A reader that leaves after the last event,
 * as the SDK of OpenAI does, does not cost the connection: the end is read for it. Aborting the call ends that too.
 */
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
    cancel: () => void readToEnd(reader),
  }, { highWaterMark: 0 })
  return new Response(body, { status: response.status, headers: response.headers })
}

async function readToEnd(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  const timer = setTimeout(() => void reader.cancel().catch(() => {}), END_WITHIN_MS)
  try {
    while (!(await reader.read()).done);
  } catch {
    // Cut or aborted: there is no connection to keep.
  } finally {
    clearTimeout(timer)
  }
}
