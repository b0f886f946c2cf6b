/** Times in zones of the tz database. */

/** That of this machine. */
export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** All that the platform knows, and UTC. */
export function knownZones(): readonly string[] {
  return [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])]
}

export function isZone(name: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== ''
  } catch {
    return false
  }
}

/** `2026-11-23T07:30`, as a field for dates and times has it; '' for a zone that is none. */
export function localText(at: number, timeZone: string): string {
  if (!isZone(timeZone)) return ''
  return new Date(at + offsetAt(at, timeZone)).toISOString().slice(0, 16)
}

/** When it is `2026-11-23T07:30` there; null for what is no time. One that the clock leaves out counts with the offset before, one that comes twice is the first. */
export function instantOf(local: string, timeZone: string): number | null {
  const asUtc = Date.parse(/T\d\d:\d\d/.test(local) ? `${local}Z` : '')
  if (!Number.isFinite(asUtc) || !isZone(timeZone)) return null
  const candidates = [offsetAt(asUtc - day, timeZone), offsetAt(asUtc + day, timeZone)].map((offset) => asUtc - offset)
  return candidates.find((at) => at + offsetAt(at, timeZone) === asUtc) ?? candidates[0] ?? null
}

const day = 86_400_000

/** In ms, to the minute. */
function offsetAt(at: number, timeZone: string): number {
  const parts = Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at)
  const [, sign, hours = '0', minutes = '0'] = /GMT(?:([+-])(\d+)(?::(\d+))?)?/.exec(parts.find(({ type }) => type === 'timeZoneName')?.value ?? '') ?? []
  return (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === '-' ? -1 : 1)
}
