/** The newest output, at most twice `most` characters of it, and how much there ever was. */
export function createScrollback(most: number) {
  let text = ''
  let end = 0
  return {
    push: (data: string) => {
      text += data
      end += data.length
      if (text.length > most * 2) text = fromLine(text.slice(-most))
    },
    /** Offset of the oldest character that is kept. */
    start: () => end - text.length,
    end: () => end,
    /** From an offset on, at most `length` characters; null when they are not kept any more. */
    read: (offset: number, length: number): string | null => {
      const at = offset - (end - text.length)
      return at < 0 ? null : text.slice(at, at + length)
    },
  }
}
export type Scrollback = ReturnType<typeof createScrollback>

/** Beginning with a whole line, where there is one near, so that no half escape sequence comes first. */
function fromLine(text: string): string {
  const newline = text.indexOf('\n')
  return newline === -1 || newline > 10_000 ? text.replace(/^[\udc00-\udfff]/, '') : text.slice(newline + 1)
}
