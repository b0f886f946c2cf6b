/** How long the start of this due time is put off, in ms: up to `seconds`, always the same for the same due time. */
export function jitterMs(scheduleId: string, dueAt: number, seconds: number): number {
  if (seconds === 0) return 0
  // FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv), then mixed, since due times differ in few places.
  let hash = 0x811c9dc5
  for (const character of `${scheduleId}:${dueAt}`) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) % (seconds * 1000 + 1)
}
