import { protocol } from 'electron'
import { Readable } from 'node:stream'
import { openAsset } from '../shared/asset-file'
import { assetHeaders, securityHeaders } from '../shared/security-headers'

const SCHEME = 'app'
const HOST = 'trestle'
export const pageOrigin = `${SCHEME}://${HOST}`

/** Before the app is ready: makes `app://` an origin of its own, with the rules of https. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } }])
}

/** Serves the built window, and nothing else, under `app://trestle/`. */
export function serveApp(windowRoot: string): void {
  protocol.handle(SCHEME, async (request) => {
    const path = request.url.slice(pageOrigin.length).split(/[?#]/)[0] ?? ''
    const asked = request.method === 'GET' && request.url.startsWith(`${pageOrigin}/`)
    const file = asked ? await openAsset(windowRoot, path) : null
    if (file === null) return new Response('Not found', { status: 404, headers: securityHeaders })
    const body = Readable.toWeb(file.handle.createReadStream())
    return new Response(toBody(body), { headers: { ...assetHeaders(path), 'content-type': file.contentType, 'content-length': String(file.bytes) } })
  })
}

/** The streams of Node and of the web are the same object with two type declarations. */
function toBody(stream: unknown): ReadableStream | null {
  return stream instanceof ReadableStream ? stream : null
}
