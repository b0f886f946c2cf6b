import type { BinaryFile } from '#core/ports/workspace-files'
import type { Place } from './locate'
import { withFile } from './read'

const PROBE = 32

/** By its first bytes, never by its name: what is shown as an image is one. */
const signatures: readonly { readonly mime: string; readonly fits: (head: Buffer) => boolean }[] = [
  { mime: 'image/png', fits: (head) => head.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) },
  { mime: 'image/jpeg', fits: (head) => head.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff])) },
  { mime: 'image/gif', fits: (head) => /^GIF8[79]a/.test(head.toString('latin1', 0, 6)) },
  { mime: 'image/webp', fits: (head) => head.toString('latin1', 0, 4) === 'RIFF' && head.toString('latin1', 8, 12) === 'WEBP' },
  { mime: 'image/avif', fits: (head) => /^ftypavi[fs]/.test(head.toString('latin1', 4, 12)) },
  { mime: 'image/bmp', fits: (head) => head.toString('latin1', 0, 2) === 'BM' },
  { mime: 'image/x-icon', fits: (head) => head.subarray(0, 4).equals(Buffer.from([0, 0, 1, 0])) },
]

export function readBinary(place: Place, maxImageBytes: number): Promise<BinaryFile> {
  return withFile(place, async (handle, bytes) => {
    const head = Buffer.alloc(PROBE)
    const { bytesRead } = await handle.read(head, 0, PROBE, 0)
    const mime = signatures.find(({ fits }) => fits(head.subarray(0, bytesRead)))?.mime
    if (mime === undefined || bytes > maxImageBytes) return { bytes, image: null }
    const content = Buffer.alloc(bytes)
    const read = await handle.read(content, 0, bytes, 0)
    return { bytes, image: { mime, base64: content.toString('base64', 0, read.bytesRead) } }
  })
}
