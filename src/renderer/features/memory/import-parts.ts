/** One call takes 8 million characters. */
const LONGEST = 4_000_000

/** A file in parts that each can be taken in by itself: whole lines of JSON, whole items of Markdown. A list in one JSON text is one part. */
export function importParts(text: string, format: 'json' | 'markdown', longest = LONGEST): string[] {
  if (text.length <= longest || (format === 'json' && text.trimStart().startsWith('['))) return [text]
  const pieces = format === 'json' ? text.split(/(?<=\n)/) : text.split(/(?<=\n)(?=## )/)
  const parts: string[] = []
  let part: string[] = []
  let length = 0
  for (const piece of pieces) {
    if (length + piece.length > longest && part.length > 0) {
      parts.push(part.join(''))
      part = []
      length = 0
    }
    part.push(piece)
    length += piece.length
  }
  return [...parts, part.join('')]
}
