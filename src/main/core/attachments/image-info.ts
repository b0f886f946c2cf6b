/** What the first bytes of an image say; null for everything else. Never judged by name or by what a client claims. */
export interface ImageInfo {
  readonly mimeType: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp'
  readonly width: number
  readonly height: number
}

export function imageInfo(bytes: Uint8Array): ImageInfo | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const text = (from: number, length: number) => String.fromCharCode(...bytes.subarray(from, from + length))
  if (bytes.length >= 24 && text(1, 3) === 'PNG' && bytes[0] === 0x89) return { mimeType: 'image/png', width: view.getUint32(16), height: view.getUint32(20) }
  if (bytes.length >= 10 && /^GIF8[79]a$/.test(text(0, 6))) return { mimeType: 'image/gif', width: view.getUint16(6, true), height: view.getUint16(8, true) }
  if (bytes.length >= 30 && text(0, 4) === 'RIFF' && text(8, 4) === 'WEBP') return { mimeType: 'image/webp', ...webpSize(view, text(12, 4)) }
  if (bytes.length >= 4 && bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return { mimeType: 'image/jpeg', ...jpegSize(view) }
  return null
}

function webpSize(view: DataView, chunk: string): { width: number; height: number } {
  if (chunk === 'VP8X') return { width: 1 + uint24(view, 24), height: 1 + uint24(view, 27) }
  if (chunk === 'VP8L') {
    const bits = view.getUint32(21, true)
    return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >> 14) & 0x3fff) }
  }
  return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
}

function uint24(view: DataView, at: number): number {
  return view.getUint16(at, true) + view.getUint8(at + 2) * 65_536
}

/** From the frame header; 0 × 0 when there is none. */
function jpegSize(view: DataView): { width: number; height: number } {
  let at = 2
  while (at + 9 < view.byteLength) {
    if (view.getUint8(at) !== 0xff) break
    const marker = view.getUint8(at + 1)
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) }
    at += 2 + view.getUint16(at + 2)
  }
  return { width: 0, height: 0 }
}

const LARGEST_SIDE = 1568
const MOST_TOKENS = 1600

/** As Anthropic counts, which is more than others: a token for 750 pixels, large images made smaller first. */
export function imageTokens({ width, height }: Pick<ImageInfo, 'width' | 'height'>): number {
  if (width === 0 || height === 0) return MOST_TOKENS
  const scale = Math.min(1, LARGEST_SIDE / Math.max(width, height))
  return Math.min(MOST_TOKENS, Math.ceil((width * scale * height * scale) / 750) + 4)
}
