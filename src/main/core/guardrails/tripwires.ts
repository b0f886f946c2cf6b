import type { Entry } from '#contract/entries'
import type { TripwireSettings } from '#contract/guardrails'

const MINUTE_MS = 60_000
/** Busiest minutes of earlier runs that must be known before one can be unusual. */
const LEAST_SAMPLES = 10
/** So many are looked at, if nothing asks for more. */
const MOST_CALLS = 1000
/** Fewer calls in a minute are never unusual. */
const LEAST_CALLS = 30

export interface Trip {
  readonly name: keyof Omit<TripwireSettings, 'action'>
  readonly why: string
}

/**
 * The first tripwire that what a run did since it was last looked at goes over; null: none. `usual`: the busiest minutes of earlier runs in
 * the folder, asked for only when it matters.
 */
export function trippedBy(path: readonly Entry[], runId: string, settings: TripwireSettings, usual: () => readonly number[]): Trip | null {
  const { callsPerMinute, deletesPerMinute, refusedInARow, failedInARow } = settings
  const results = resultsSinceLast(path, runId, 1 + Math.max(MOST_CALLS, callsPerMinute ?? 0, deletesPerMinute ?? 0, refusedInARow ?? 0, failedInARow ?? 0))
  const recent = within(results, MINUTE_MS)
  const deletes = recent.filter(({ payload }) => payload.toolName === 'delete_file' && payload.outcome === 'success').length
  if (over(recent.length, callsPerMinute)) return { name: 'callsPerMinute', why: `The agent made ${recent.length} calls within a minute.` }
  if (over(deletes, deletesPerMinute)) return { name: 'deletesPerMinute', why: `The agent deleted ${deletes} files within a minute.` }
  const refused = trailing(results, 'denied')
  if (reached(refused, refusedInARow)) return { name: 'refusedInARow', why: `${refused} calls in a row were refused.` }
  const failed = trailing(results, 'error')
  if (reached(failed, failedInARow)) return { name: 'failedInARow', why: `${failed} calls in a row failed.` }
  if (settings.unusual === null || recent.length < LEAST_CALLS) return null
  const samples = usual()
  if (samples.length < LEAST_SAMPLES) return null
  const { mean, deviation } = spread(samples)
  if (recent.length <= mean + settings.unusual * Math.max(deviation, 1)) return null
  return { name: 'unusual', why: `The agent made ${recent.length} calls within a minute; in the busiest minute of earlier runs in this folder it was ${Math.round(mean)} on average.` }
}

interface Result {
  readonly at: number
  readonly payload: Pick<Extract<Entry['payload'], { kind: 'tool_result' }>, 'toolName' | 'outcome'>
}

/** What came before a tripwire that was answered does not count again. No further back than what could matter. */
function resultsSinceLast(path: readonly Entry[], runId: string, most: number): Result[] {
  const found: Result[] = []
  for (let index = path.length - 1; index >= 0 && found.length < most; index -= 1) {
    const entry = path[index]
    if (entry?.runId !== runId) break
    if (entry.payload.kind === 'guardrail' && entry.payload.on === 'run') break
    if (entry.payload.kind === 'tool_result') found.push(...callsOf(entry.payload).map((payload) => ({ at: entry.at, payload })).reverse())
  }
  return found.reverse()
}

/** Calls of a script count as those of the model, and that it came to an end says nothing of them. */
function callsOf(payload: Extract<Entry['payload'], { kind: 'tool_result' }>): Result['payload'][] {
  if (payload.details?.kind !== 'script' || payload.details.calls.length === 0) return [payload]
  return payload.details.calls.map(({ tool, outcome }) => ({ toolName: tool, outcome }))
}

function within(results: readonly Result[], ms: number): Result[] {
  const newest = results.at(-1)?.at ?? 0
  return results.filter(({ at }) => at > newest - ms)
}

function trailing(results: readonly Result[], outcome: Result['payload']['outcome']): number {
  const other = results.findLastIndex(({ payload }) => payload.outcome !== outcome)
  return results.length - 1 - other
}

function over(count: number, limit: number | null): boolean {
  return limit !== null && count > limit
}

function reached(count: number, limit: number | null): boolean {
  return limit !== null && count >= limit
}

function spread(samples: readonly number[]): { readonly mean: number; readonly deviation: number } {
  const mean = samples.reduce((sum, sample) => sum + sample, 0) / samples.length
  const variance = samples.reduce((sum, sample) => sum + (sample - mean) ** 2, 0) / samples.length
  return { mean, deviation: Math.sqrt(variance) }
}
