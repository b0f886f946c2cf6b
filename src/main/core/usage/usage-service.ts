import type { UsageReport, UsageSum } from '#contract/usage'
import type { Clock } from '../ports/system'
import type { UsageRow, UsageStore } from '../ports/usage-store'
import { lastDays } from './days'

export interface UsageService {
  /** Throws AppError INVALID_PARAMETERS for a time zone that is not known. */
  report(query: { readonly days: number; readonly timeZone: string; readonly sessionId?: string | undefined }): UsageReport
}

export function createUsageService({ store, clock }: { readonly store: UsageStore; readonly clock: Pick<Clock, 'now'> }): UsageService {
  return {
    report: ({ days: count, timeZone, sessionId }) => {
      const days = lastDays(clock.now(), count, timeZone)
      const rows = store.byDayAndModel(days, sessionId ?? null)
      const from = days[0]?.from ?? 0
      const until = days.at(-1)?.until ?? 0
      const models = [...new Set(rows.map(({ model }) => model))].map((model) => ({ model, ...sumOf(rows.filter((row) => row.model === model)) }))
      return {
        days: days.map(({ day }, index) => ({ day, ...sumOf(rows.filter((row) => row.day === index)) })),
        models: models.sort((left, right) => (right.costUsd ?? 0) - (left.costUsd ?? 0) || right.usage.totalTokens - left.usage.totalTokens),
        agents: store.byAgent(from, until, sessionId ?? null).map(({ agent, ...row }) => ({ agent, ...sumOf([row]) })),
        sessions: store.bySession(from, until, sessionId ?? null)
          .map(({ sessionId: id, title, ...row }) => ({ sessionId: id, title, ...sumOf([row]) })),
        total: sumOf(rows),
      }
    },
  }
}

function sumOf(rows: readonly UsageRow[]): UsageSum {
  const add = (pick: (row: UsageRow) => number): number => rows.reduce((sum, row) => sum + pick(row), 0)
  const isPriced = rows.some((row) => row.calls > row.unpriced)
  return {
    usage: {
      inputTokens: add((row) => row.inputTokens), outputTokens: add((row) => row.outputTokens), cachedTokens: add((row) => row.cachedTokens),
      totalTokens: add((row) => row.totalTokens), estimated: rows.some((row) => row.estimated),
    },
    costUsd: isPriced ? add((row) => row.costUsd) : null,
    calls: add((row) => row.calls),
    unpriced: add((row) => row.unpriced),
  }
}
