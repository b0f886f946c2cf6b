/** Where a request for a file of the window leads, relative to the folder of the built window; null is refused. */
export interface AssetPath {
  readonly path: string
  /** Files named after their content never change. */
  readonly immutable: boolean
}

const WINDOW_PAGE = 'index.html'
const MAX_PATH_CHARS = 1024
/** One decoded part of a path: nothing hidden, no drive, no stream, no device, no separator of any system. */
const PART = /^(?!\.)[\w.@~+-]+(?<!\.)$/
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i

/**
 * Turns the path of a URL, as it was sent, into a file of the window. It decodes once and accepts only plain names:
 * whatever could mean something else to a file system is refused, not cleaned up.
 */
export function assetPathOf(urlPath: string): AssetPath | null {
  if (urlPath.length > MAX_PATH_CHARS || !urlPath.startsWith('/')) return null
  const decoded = decodeOnce(urlPath.slice(1))
  if (decoded === null) return null
  // The quick prompt is the same page, which looks at its own address.
  if (decoded === '' || decoded === 'quick') return { path: WINDOW_PAGE, immutable: false }
  const parts = decoded.split('/')
  if (!parts.every((part) => PART.test(part) && !DEVICE.test(part))) return null
  return { path: parts.join('/'), immutable: parts[0] === 'assets' }
}

function decodeOnce(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

const typeByExtension: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  gif: 'image/gif',
  html: 'text/html; charset=utf-8',
  ico: 'image/x-icon',
  jpg: 'image/jpeg',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  map: 'application/json; charset=utf-8',
  mjs: 'text/javascript; charset=utf-8',
  png: 'image/png',
  svg: 'image/svg+xml; charset=utf-8',
  ttf: 'font/ttf',
  txt: 'text/plain; charset=utf-8',
  wasm: 'application/wasm',
  webmanifest: 'application/manifest+json; charset=utf-8',
  webp: 'image/webp',
  woff: 'font/woff',
  woff2: 'font/woff2',
}

export function contentTypeOf(path: string): string {
  const extension = path.slice(path.lastIndexOf('.') + 1).toLowerCase()
  return typeByExtension[extension] ?? 'application/octet-stream'
}
