import type { Run } from '#contract/runs'
import type { Limits } from '#contract/settings'
import { AppError } from '../errors'

/** What a turn used since it was started or resumed (steps, time) and in all (tokens, money). */
export interface Spent {
  readonly steps: number
  readonly elapsedMs: number
  readonly total: Pick<Run, 'usage' | 'costUsd'>
}

const kept = 'What was done so far is kept.'

/** Looked at before each model call. A run that is resumed gets new steps and new time; tokens and money count on. */
export function exceededLimit(limits: Limits, spent: Spent): AppError | null {
  if (spent.steps >= limits.maxSteps) {
    return new AppError('MAX_STEPS_EXCEEDED', `The limit of ${limits.maxSteps} steps for one run is reached. ${kept} Resume to go on.`)
  }
  if (spent.elapsedMs >= limits.maxMinutes * 60_000) {
    return new AppError('TIME_LIMIT_EXCEEDED', `The limit of ${limits.maxMinutes} minutes for one run is reached. ${kept} Resume to go on.`)
  }
  if (limits.maxTokens !== null && spent.total.usage.totalTokens >= limits.maxTokens) {
    return new AppError('TOKEN_LIMIT_EXCEEDED', `The limit of ${limits.maxTokens} tokens for one run is reached. ${kept} Raise the limit in Settings to go on.`)
  }
  if (limits.maxCostUsd !== null && (spent.total.costUsd ?? 0) >= limits.maxCostUsd) {
    return new AppError('NO_CREDITS', `The budget of $${limits.maxCostUsd} for one run is used up. ${kept} Raise the limit in Settings to go on.`)
  }
  return null
}
