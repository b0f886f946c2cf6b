import { formatHere, formatTimeIn } from '../lib/format'

/** A time in the zone that it is meant in; beside it the one on the reader's clock, where that differs. */
export function ZonedTime({ at, timeZone }: { readonly at: number; readonly timeZone: string }) {
  const here = formatHere(at, timeZone)
  return (
    <time dateTime={new Date(at).toISOString()}>
      {formatTimeIn(at, timeZone)}{here !== null && <span className="text-muted"> ({here})</span>}
    </time>
  )
}
