import { useQuery } from '@tanstack/react-query'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { Button, IconButton } from '../../components/button'
import { inputStyle } from '../../components/field'
import { classNames } from '../../lib/class-names'
import { formatTime } from '../../lib/format'
import { useServices } from '../../lib/services'
import { localTime } from './local-time'
import { momentAt, neighbour, stopOf } from './time-stops'

/** Goes back in time, from change to change: shows the memory as it was then. At its end it is now. */
export function TimeScrubber({ at, onChange }: { readonly at: number | null; readonly onChange: (at: number | null) => void }) {
  const { orpc } = useServices()
  const asked = useQuery(orpc.memory.moments.queryOptions({ input: {} }))
  const moments = asked.data?.moments ?? []
  if (moments.length < 2 && at === null) return null
  const stop = stopOf(moments, at)
  const word = at === null ? 'now' : formatTime(at)
  const renew = (): void => {
    if (at === null && !asked.isFetching) void asked.refetch()
  }
  return (
    <div role="group" aria-label="Time" className="flex flex-wrap items-center gap-x-2 gap-y-1 border-t border-line px-3 py-1.5 text-xs" onFocus={renew} onPointerEnter={renew}>
      <label htmlFor="memory-time" className="shrink-0 text-muted">As it was</label>
      <IconButton label="One change earlier" icon={<ChevronLeft />} disabled={stop === 0 && (at === null || at <= (moments[0]?.at ?? 0))} onClick={() => onChange(neighbour(moments, at, -1))} />
      <input
        id="memory-time" type="range" min={0} max={Math.max(1, moments.length - 1)} value={stop} aria-valuetext={word} className="min-w-24 flex-1 accent-(--accent)"
        onChange={(event) => onChange(momentAt(moments, Number(event.target.value)))}
      />
      <IconButton label="One change later" icon={<ChevronRight />} disabled={at === null} onClick={() => onChange(neighbour(moments, at, 1))} />
      <input
        type="datetime-local" step={1} aria-label="Moment" value={at === null ? '' : localTime(at)} className={classNames(inputStyle, 'h-7! w-54! text-xs')}
        onChange={(event) => {
          const chosen = new Date(event.target.value).getTime()
          if (Number.isFinite(chosen)) onChange(chosen >= Date.now() ? null : chosen)
        }}
      />
      <Button small disabled={at === null} onClick={() => onChange(null)}>Now</Button>
    </div>
  )
}
