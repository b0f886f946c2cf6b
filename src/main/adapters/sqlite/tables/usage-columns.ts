import type { Usage } from '#contract/common'

/** Sums of tokens and cost as columns; sessions and runs have them. */
export const usageColumns = 'input_tokens, output_tokens, cached_tokens, total_tokens, estimated, cost_usd'

export interface UsageRow {
  readonly input_tokens: number
  readonly output_tokens: number
  readonly cached_tokens: number
  readonly total_tokens: number
  readonly estimated: number
  readonly cost_usd: number | null
}

/** An unknown cost leaves the sum of the known ones; one estimate makes the sum an estimate. */
export const addUsageAssignments = `
  input_tokens = input_tokens + @input_tokens, output_tokens = output_tokens + @output_tokens,
  cached_tokens = cached_tokens + @cached_tokens, total_tokens = total_tokens + @total_tokens,
  estimated = max(estimated, @estimated),
  cost_usd = CASE WHEN @cost_usd IS NULL THEN cost_usd ELSE coalesce(cost_usd, 0) + @cost_usd END`

export function toUsageRow(usage: Usage, costUsd: number | null): UsageRow {
  return {
    input_tokens: usage.inputTokens, output_tokens: usage.outputTokens, cached_tokens: usage.cachedTokens,
    total_tokens: usage.totalTokens, estimated: usage.estimated ? 1 : 0, cost_usd: costUsd,
  }
}

export function fromUsageRow(row: UsageRow): { readonly usage: Usage; readonly costUsd: number | null } {
  return {
    usage: {
      inputTokens: row.input_tokens, outputTokens: row.output_tokens, cachedTokens: row.cached_tokens,
      totalTokens: row.total_tokens, estimated: row.estimated === 1,
    },
    costUsd: row.cost_usd,
  }
}
