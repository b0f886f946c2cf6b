import type { Prompt } from '#contract/conversation'

/** The prompt that is nearest to a position; prompts rise in theirs. */
export function nearestPrompt(prompts: readonly Pick<Prompt, 'position'>[], position: number): number {
  let [low, high] = [0, Math.max(0, prompts.length - 1)]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if ((prompts[middle]?.position ?? 0) < position) low = middle + 1
    else high = middle
  }
  const distance = (index: number): number => Math.abs((prompts[index]?.position ?? Number.POSITIVE_INFINITY) - position)
  return low > 0 && distance(low - 1) <= distance(low) ? low - 1 : low
}
