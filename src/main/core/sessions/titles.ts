export const untitled = 'New session'

const MAX_TITLE_CHARS = 60

/** The first line of the first message, cut at a word. */
export function titleFrom(text: string): string {
  const line = text.split('\n').map((part) => part.trim()).find((part) => part !== '') ?? ''
  if (line.length <= MAX_TITLE_CHARS) return line || untitled
  const cut = line.slice(0, MAX_TITLE_CHARS)
  const space = cut.lastIndexOf(' ')
  return `${space > MAX_TITLE_CHARS / 2 ? cut.slice(0, space) : cut}…`
}
