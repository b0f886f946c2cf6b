const MAX_CHARS = 80

/** A session's title on one line, short, without signs that reorder or hide text. For places outside of the window. */
export function safeTitle(title: string): string {
  const plain = title.slice(0, MAX_CHARS * 4).replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ').replace(/\s+/g, ' ').trim()
  const chars = [...plain]
  if (chars.length === 0) return 'Untitled'
  return chars.length <= MAX_CHARS ? plain : `${chars.slice(0, MAX_CHARS - 1).join('')}…`
}
