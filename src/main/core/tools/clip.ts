/** Shorter than this there is no room for the pointer line. */
const LEAST = 200
/** The beginning says what it is, the end how it went. */
const HEAD_SHARE = 0.6

/**
 * At most `maxChars` characters (at least 200) of a text: its head, a line that says how much is missing and how
 * to get it, and its tail, both cut at line ends where one is near. A text that fits is returned as it is.
 */
export function clipOutput(text: string, maxChars: number, pointer = 'the whole output is kept with this call'): string {
  const limit = Math.max(LEAST, maxChars)
  if (text.length <= limit) return text
  const room = limit - markerLine(text.length, pointer).length
  if (room < 2) return text.slice(0, limit)
  const head = cutEnd(text.slice(0, Math.floor(room * HEAD_SHARE)))
  const tail = cutStart(text.slice(text.length - (room - Math.floor(room * HEAD_SHARE))))
  return head + markerLine(text.length - head.length - tail.length, pointer) + tail
}

function markerLine(missing: number, pointer: string): string {
  return `\n[… ${missing} characters left out; ${pointer} …]\n`
}

function cutEnd(head: string): string {
  const newline = head.lastIndexOf('\n')
  if (newline > head.length * 0.8) return head.slice(0, newline)
  return isHighSurrogate(head.charCodeAt(head.length - 1)) ? head.slice(0, -1) : head
}

function cutStart(tail: string): string {
  const newline = tail.indexOf('\n')
  if (newline !== -1 && newline < tail.length * 0.2) return tail.slice(newline + 1)
  return isLowSurrogate(tail.charCodeAt(0)) ? tail.slice(1) : tail
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff
}
