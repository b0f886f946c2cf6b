import { isZone, localText, ownZone } from './zones'

/** Words for numbers. All pure; `now` and times are ms since the epoch. */

export function formatTokens(count: number): string {
  if (count < 1000) return String(count)
  if (count < 100_000) return `${(count / 1000).toFixed(1)}k`
  if (count < 1_000_000) return `${Math.round(count / 1000)}k`
  return `${(count / 1_000_000).toFixed(1)}M`
}

export function formatCost(usd: number | null): string {
  if (usd === null) return 'cost unknown'
  if (usd === 0) return '$0.00'
  if (usd < 0.01) return '<$0.01'
  return `$${usd.toFixed(2)}`
}

export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 60) return `${minutes} min ${Math.floor((ms % 60_000) / 1000)} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  if (bytes < 1024 ** 2) return `${(bytes / 1024).toFixed(1)} KB`
  if (bytes < 1024 ** 3) return `${(bytes / 1024 ** 2).toFixed(1)} MB`
  return `${(bytes / 1024 ** 3).toFixed(1)} GB`
}

export function formatAge(at: number, now: number): string {
  const minutes = Math.floor((now - at) / 60_000)
  if (minutes < 1) return 'now'
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return `${hours} h`
  const days = Math.floor(hours / 24)
  return days < 14 ? `${days} d` : dayFormat.format(at)
}

// The words of the window are English and its patterns have 24 hours, so all its times do.
const timeFormat = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' })
const dayFormat = new Intl.DateTimeFormat('en', { dateStyle: 'medium' })

/** In the zone of this machine. */
export function formatTime(at: number): string {
  return timeFormat.format(at)
}

/** In that zone, with the day of the week; in that of this machine where it is none. */
export function formatTimeIn(at: number, timeZone: string): string {
  const parts = { weekday: 'short', month: 'short', day: 'numeric', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  return Intl.DateTimeFormat('en', isZone(timeZone) ? { ...parts, timeZone } : parts).format(at)
}

/** The same moment on the clock of this machine: "06:30 here", with its day where that differs; null where nothing differs. */
export function formatHere(at: number, timeZone: string, own = ownZone()): string | null {
  if (!isZone(timeZone)) return null
  const [there, here] = [localText(at, timeZone), localText(at, own)]
  if (there === here) return null
  return `${there.slice(0, 10) === here.slice(0, 10) ? here.slice(11) : formatTimeIn(at, own)} here`
}

/** The first `max` characters on one line, never half a surrogate pair. */
export function shorten(text: string, max: number): string {
  const line = text.slice(0, max * 4).replace(/\s+/g, ' ').trim()
  const chars = [...line.slice(0, max * 2)]
  return chars.length <= max && line.length <= max * 2 ? line : `${chars.slice(0, max - 1).join('')}…`
}
