import type { Usage } from '#contract/common'
import type { Model } from '#contract/models'

export const noUsage: Usage = { inputTokens: 0, outputTokens: 0, cachedTokens: 0, totalTokens: 0, estimated: false }

/** US dollars of a call; null when the model has no known price. Cached input without a price of its own counts in full. */
export function costOf(usage: Usage, price: Model['price']): number | null {
  if (!price) return null
  const cachedPrice = price.cachedInput ?? price.input
  const fresh = usage.inputTokens - usage.cachedTokens
  return (fresh * price.input + usage.cachedTokens * cachedPrice + usage.outputTokens * price.output) / 1_000_000
}

/** About four characters a token for Latin text, one for scripts that are written denser. */
export function estimateTokens(text: string): number {
  let dense = 0
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 0x2e7f) dense += 1
  return Math.ceil((text.length - dense) / 4 + dense)
}

export function estimatedUsage(inputTokens: number, outputText: string): Usage {
  const outputTokens = estimateTokens(outputText)
  return { inputTokens, outputTokens, cachedTokens: 0, totalTokens: inputTokens + outputTokens, estimated: true }
}
