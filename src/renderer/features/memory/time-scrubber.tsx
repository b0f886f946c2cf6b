import type { MemoryStats } from '#contract/memory'
import { Button } from '../../components/button'
import { formatTime } from '../../lib/format'

const steps = 1_000

/** Goes back in time: what was not changed after the chosen moment. At its end everything is shown. */
export function TimeScrubber({ stats, to, onChange }: { readonly stats: MemoryStats | null; readonly to: number | null; readonly onChange: (to: number | null) => void }) {
  const oldest = stats?.oldestAt ?? null
  const newest = stats?.newestAt ?? null
  if (oldest === null || newest === null || newest <= oldest) return null
  const span = newest - oldest
  const place = to === null ? steps : Math.max(0, Math.min(steps, Math.round(((to - oldest) / span) * steps)))
  const word = to === null ? 'now' : formatTime(to)
  return (
    <div className="flex items-center gap-3 border-t border-line px-3 py-1.5 text-xs">
      <label htmlFor="memory-time" className="shrink-0 text-muted">Last changed before</label>
      <input
        id="memory-time" type="range" min={0} max={steps} value={place} aria-valuetext={word} className="min-w-24 flex-1 accent-(--accent)"
        onChange={(event) => {
          const at = Number(event.target.value)
          onChange(at >= steps ? null : Math.round(oldest + (span * at) / steps) + 1)
        }}
      />
      <span className="w-36 shrink-0 tabular-nums">{word}</span>
      <Button small disabled={to === null} onClick={() => onChange(null)}>Now</Button>
    </div>
  )
}
