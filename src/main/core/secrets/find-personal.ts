import type { FoundSecret } from './find-secrets'

interface Shape {
  readonly what: string
  readonly pattern: RegExp
  readonly accepts: (value: string) => boolean
}

const nobody = /^(?:git|noreply|no-reply|user|you|name|test|admin|root|info|hello|someone)@|@(?:[\w-]+\.)*(?:example|test|invalid|localhost)(?:\.|$)|@\dx?\.|\.(?:png|jpg|jpeg|gif|svg|webp|js|ts|css|local)$/i

/** No part of a pattern may be long and then fail: texts come from anybody. */
const shapes: readonly Shape[] = [
  { what: 'an e-mail address', pattern: /(?<![\w.+-])[\w.+-]{1,64}@(?:[A-Za-z\d-]{1,63}\.){1,4}[A-Za-z]{2,24}(?![\w@-])/g, accepts: (value) => !nobody.test(value) },
  { what: 'a phone number', pattern: /(?<![\w.+])\+\d{1,3}(?:[ ().-]{1,2}\d{1,8}){2,6}(?!\w|\.\d)/g, accepts: (value) => isBetween(value.replace(/\D/g, '').length, 8, 15) },
  { what: 'an IP address', pattern: /(?<![\w.-])(?:\d{1,3}\.){3}\d{1,3}(?![\w.-])/g, accepts: isPublicAddress },
]
const MOST_FOUND = 200

/** Details of people, in the order of the text, none over another. What manuals use as examples, and private networks, do not count. */
export function findPersonal(text: string): readonly FoundSecret[] {
  const found: FoundSecret[] = []
  for (const { what, pattern, accepts } of shapes) {
    for (const { index: start, 0: value } of text.matchAll(pattern)) {
      const end = start + value.length
      if (found.length < MOST_FOUND && accepts(value) && !found.some((other) => start < other.end && other.start < end)) found.push({ start, end, what, value })
    }
  }
  return found.sort((one, other) => one.start - other.start)
}

function isBetween(value: number, least: number, most: number): boolean {
  return value >= least && value <= most
}

function isPublicAddress(value: string): boolean {
  const [first = 0, second = 0, third = 0, last = 0] = value.split('.').map(Number)
  if (Math.max(first, second, third, last) > 255 || first < 1 || first > 223) return false
  const isPrivate = first === 10 || first === 127 || (first === 172 && isBetween(second, 16, 31)) || (first === 192 && second === 168) || (first === 169 && second === 254) || (first === 100 && isBetween(second, 64, 127))
  const isExample = (first === 192 && second === 0) || (first === 198 && (second === 51 || isBetween(second, 18, 19))) || (first === 203 && second === 0 && third === 113)
  // Numbers of versions look the same; those of public servers seldom end in a zero.
  return !isPrivate && !isExample && last !== 0 && first > 9
}
