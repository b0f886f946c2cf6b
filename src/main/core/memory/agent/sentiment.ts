import { MOST_TAGS } from '#contract/memory'

/** How a person felt about something, as far as they said so themselves. */
export const sentiments = ['positive', 'neutral', 'negative'] as const
export type Sentiment = (typeof sentiments)[number]

const PREFIX = 'sentiment:'

/**
 * The tags of an item with this one for how the person felt, and no other of its kind: it belongs to the words at hand, and nobody but what
 * looks for it may set it. Null: without.
 */
export function withSentiment(tags: readonly string[], sentiment: Sentiment | null): string[] {
  const others = tags.filter((tag) => !isSentiment(tag))
  return sentiment === null ? others : [...others.slice(0, MOST_TAGS - 1), `${PREFIX} ${sentiment}`]
}

export function isSentiment(tag: string): boolean {
  return tag.trim().toLowerCase().startsWith(PREFIX)
}
