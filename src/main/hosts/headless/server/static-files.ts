import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { AppError } from '#core/errors'
import { openAsset } from '../../shared/asset-file'
import { assetHeaders } from '../../shared/security-headers'

/** Serves the built window from a folder. Throws AppError for what is not there. */
export async function sendAsset(request: IncomingMessage, response: ServerResponse, { root, path }: { readonly root: string; readonly path: string }): Promise<void> {
  const file = await openAsset(root, path)
  if (file === null) throw new AppError('RESOURCE_NOT_FOUND', 'There is no such file.')
  response.writeHead(200, {
    ...assetHeaders(path),
    'content-type': file.contentType,
    'content-length': file.bytes,
    'cache-control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
  })
  if (request.method === 'HEAD' || file.bytes === 0) {
    await file.handle.close()
    response.end()
    return
  }
  // The stream closes the handle, also when the client goes away. Never more than was announced.
  const stream = file.handle.createReadStream({ end: file.bytes - 1 })
  await pipeline(stream, response).catch((error: unknown) => {
    if (!response.destroyed) throw error
  })
}
