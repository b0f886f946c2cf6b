import type { MemoryMoments } from '#contract/memory-moments'

type Moments = MemoryMoments['moments']

/** Where a moment stands among those at which the memory changed; the last one is now. Null: now. */
export function stopOf(moments: Moments, at: number | null): number {
  const newest = moments.length - 1
  if (at === null) return Math.max(0, newest)
  const later = moments.findIndex((moment) => moment.at > at)
  return Math.max(0, (later === -1 ? moments.length : later) - 1)
}

/** The moment of a stop; null: now. */
export function momentAt(moments: Moments, stop: number): number | null {
  return stop >= moments.length - 1 ? null : (moments[Math.max(0, stop)]?.at ?? null)
}

/** One change earlier (or where the one at hand began), one later. */
export function neighbour(moments: Moments, at: number | null, step: -1 | 1): number | null {
  const stop = stopOf(moments, at)
  const isBetween = step === -1 && at !== null && at > (moments[stop]?.at ?? at)
  return momentAt(moments, isBetween ? stop : stop + step)
}
