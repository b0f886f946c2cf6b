import { hash } from 'node:crypto'
import { bytesOf, textOf } from '../../shared/names'

/** One name of a folder as it is stored. */
export interface TreeEntry {
  readonly name: string
  readonly kind: 'file' | 'link' | 'directory' | 'not_covered'
  /** Permission bits. */
  readonly mode: number
  /** Of a folder: of all files below. */
  readonly size: number
  /** Of a file or link its content, of a folder its tree; empty for what is not covered. */
  readonly hash: string
}

const kinds = ['file', 'link', 'directory', 'not_covered'] as const
const HEAD = 1 + 2 + 6 + 32 + 2
/** So that no file can be taken for a tree. */
const MARK = Buffer.from('tree\0')

export function encodeTree(entries: readonly TreeEntry[]): Buffer {
  const named = entries.map((entry) => ({ entry, name: bytesOf(entry.name) })).sort((left, right) => left.name.compare(right.name))
  const bytes = Buffer.alloc(MARK.length + named.reduce((sum, { name }) => sum + HEAD + name.length, 0))
  let at = MARK.copy(bytes)
  for (const { entry, name } of named) {
    at = bytes.writeUInt8(kinds.indexOf(entry.kind), at)
    at = bytes.writeUInt16LE(entry.mode, at)
    at = bytes.writeUIntLE(entry.size, at, 6)
    bytes.write(entry.hash, at, 32, 'hex')
    at = bytes.writeUInt16LE(name.length, at + 32)
    at += name.copy(bytes, at)
  }
  return bytes
}

/** Throws RangeError or Error for bytes that `encodeTree` did not make. */
export function decodeTree(bytes: Buffer): TreeEntry[] {
  if (!bytes.subarray(0, MARK.length).equals(MARK)) throw new Error('not a tree')
  const entries: TreeEntry[] = []
  for (let at = MARK.length; at < bytes.length;) {
    const kind = kinds[bytes.readUInt8(at)]
    if (!kind) throw new Error('not a tree')
    const length = bytes.readUInt16LE(at + HEAD - 2)
    entries.push({
      kind, mode: bytes.readUInt16LE(at + 1), size: bytes.readUIntLE(at + 3, 6),
      hash: kind === 'not_covered' ? '' : bytes.toString('hex', at + 9, at + 41),
      name: textOf(bytes.subarray(at + HEAD, at + HEAD + length)),
    })
    at += HEAD + length
  }
  return entries
}

export function hashOf(bytes: Buffer): string {
  return hash('sha256', bytes, 'hex')
}
