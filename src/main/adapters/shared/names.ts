/**
 * Names as core knows them: text, with each byte that is no UTF-8 as a lone surrogate (U+DC80 to U+DCFF). They are read
 * from the system as bytes, so that every name survives; most are plain ASCII and cost nothing.
 */

/** How names are asked for: on POSIX one character per byte. */
export const nameEncoding: BufferEncoding = process.platform === 'win32' ? 'utf8' : 'latin1'

/** A path as the system takes it. */
export type SystemPath = string | Buffer

/** Half of a pair, alone. */
const lone = /\p{Surrogate}/u
const ascii = /^[\x00-\x7f]*$/

export function decodeName(raw: string): string {
  if (nameEncoding === 'utf8' || ascii.test(raw)) return raw
  return textOf(Buffer.from(raw, 'latin1'))
}

export function textOf(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  if (Buffer.from(text, 'utf8').equals(bytes)) return text
  return bytes.toString('latin1').replace(/[\x80-\xff]/g, (byte) => String.fromCharCode(0xdc00 + byte.charCodeAt(0)))
}

export function bytesOf(name: string): Buffer {
  if (!lone.test(name)) return Buffer.from(name, 'utf8')
  return Buffer.concat(Array.from(name, (character) => {
    const code = character.codePointAt(0) ?? 0
    return code >= 0xdc80 && code <= 0xdcff ? Buffer.from([code - 0xdc00]) : Buffer.from(character, 'utf8')
  }))
}

/** A path for the system: text where text will do. */
export function systemPath(folder: string, name: string): SystemPath {
  const path = `${folder}/${name}`
  return lone.test(path) ? bytesOf(path) : path
}
