import type { IncomingMessage, ServerResponse } from 'node:http'
import { AppError } from '#core/errors'

export const MAX_BODY_BYTES = 8 * 1024 * 1024
/** A client that sends somewhat too much gets to finish, so that it reads the answer instead of a reset. */
const DISCARD_FACTOR = 4

/** The JSON of a request; `{}` when it has no body, so that calls without parameters need none. Throws AppError. */
export async function readJsonBody(request: IncomingMessage, response: ServerResponse, maxBytes = MAX_BODY_BYTES): Promise<unknown> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes * DISCARD_FACTOR) throw tooLarge(maxBytes)
  if (request.headers.expect !== undefined) response.writeContinue()
  const bytes = await readBytes(request, maxBytes)
  if (bytes.length === 0) return {}
  if (!/^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(request.headers['content-type'] ?? '') || request.headers['content-encoding'] !== undefined) {
    throw new AppError('INVALID_PARAMETERS', 'Send the body as plain JSON, with the header Content-Type: application/json.')
  }
  try {
    const body: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    return body
  } catch (cause) {
    throw new AppError('INVALID_PARAMETERS', 'The body is not valid JSON.', { cause })
  }
}

function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = []
    let received = 0
    const settle = (finish: () => void) => {
      request.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose)
      finish()
    }
    const onData = (chunk: Buffer) => {
      received += chunk.length
      if (received <= maxBytes) chunks.push(chunk)
      else chunks = []
      if (received <= maxBytes * DISCARD_FACTOR) return
      request.pause()
      settle(() => reject(tooLarge(maxBytes)))
    }
    const onEnd = () => settle(() => (received > maxBytes ? reject(tooLarge(maxBytes)) : resolve(Buffer.concat(chunks))))
    const onClose = () => settle(() => reject(new AppError('INVALID_PARAMETERS', 'The request ended before its body did.')))
    request.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose)
  })
}

function tooLarge(maxBytes: number): AppError {
  return new AppError('PAYLOAD_TOO_LARGE', `The body is larger than ${Math.floor(maxBytes / 1024 / 1024)} MB.`)
}
