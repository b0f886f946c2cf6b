import type { FileHandle } from 'node:fs/promises'
import { AppError } from '#core/errors'
import type { LineRange } from '#core/ports/workspace-files'
import type { Place } from './locate'
import { binary, BINARY_PROBE, decodeText, withFile } from './read'

const CHUNK = 256 * 1024
const NEWLINE = 0x0a
/** Files up to this size are counted to their end. */
const COUNT_UP_TO = 64 * 1024 * 1024
/** How far into a file we look for a line. */
const SEEK_UP_TO = 2 * 1024 * 1024 * 1024

interface LineWindow {
  readonly startLine: number
  readonly maxLines: number
  readonly maxBytes: number
}

/** Streams: holds one chunk and the lines that are asked for. A line that alone is larger than `maxBytes` is cut and says so. */
export function readLines(place: Place, window: LineWindow): Promise<LineRange> {
  return withFile(place, async (handle, totalBytes) => {
    const collector = createCollector(window, place.path)
    const buffer = Buffer.allocUnsafe(CHUNK)
    const countAll = totalBytes <= COUNT_UP_TO
    let position = 0
    for (;;) {
      const bytesRead = await readChunk(handle, buffer, position)
      if (bytesRead === 0) break
      const chunk = buffer.subarray(0, bytesRead)
      if (position < BINARY_PROBE && chunk.subarray(0, BINARY_PROBE - position).includes(0)) throw binary(place.path)
      collector.add(chunk)
      position += bytesRead
      if (collector.full() && !countAll) return { ...collector.range(), totalBytes, totalLines: null }
      if (position > SEEK_UP_TO) throw new AppError('FILE_TOO_LARGE', `${place.path} is too large to look for line ${window.startLine}; search it instead`)
    }
    collector.end()
    return { ...collector.range(), totalBytes, totalLines: collector.counted() }
  })
}

async function readChunk(handle: FileHandle, buffer: Buffer, position: number): Promise<number> {
  return (await handle.read(buffer, 0, buffer.length, position)).bytesRead
}

function createCollector(window: LineWindow, path: string) {
  const lines: string[] = []
  let ended = 0
  let taken = 0
  let nextLine: number | null = null
  let parts: Buffer[] = []
  let kept = 0
  let length = 0

  const full = () => nextLine !== null
  const wanted = () => !full() && ended + 1 >= window.startLine

  const keep = (piece: Buffer) => {
    length += piece.length
    const room = window.maxBytes - kept
    if (!wanted() || room <= 0) return
    parts.push(Buffer.from(piece.subarray(0, room)))
    kept += Math.min(piece.length, room)
  }

  const endLine = () => {
    if (wanted()) {
      const fits = lines.length < window.maxLines && (lines.length === 0 || taken + length <= window.maxBytes)
      if (fits) {
        lines.push(decodeLine(Buffer.concat(parts, kept), length, path))
        taken += length + 1
      } else {
        nextLine = ended + 1
      }
    }
    ended += 1
    parts = []
    kept = 0
    length = 0
  }

  return {
    add: (chunk: Buffer) => {
      let start = 0
      for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
        keep(chunk.subarray(start, end))
        endLine()
        start = end + 1
      }
      if (start < chunk.length) keep(chunk.subarray(start))
    },
    end: () => {
      if (length > 0) endLine()
    },
    full,
    range: () => ({ lines, nextLine }),
    counted: () => ended,
  }
}

function decodeLine(bytes: Buffer, length: number, path: string): string {
  if (bytes.length === length) return decodeText(bytes, path)
  return `${decodeText(wholeCharacters(bytes), path)} [line cut here: it has ${length} bytes]`
}

/** Without the character at the end that the cut went through. */
export function wholeCharacters(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(4, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if ((byte & 0xc0) === 0x80) continue
    const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
    return size > back ? bytes.subarray(0, bytes.length - back) : bytes
  }
  return bytes
}
