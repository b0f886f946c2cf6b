import type { Checkpoint } from '#contract/checkpoints'

/** The newest checkpoint of a head whose files are kept; one of its session when the head has none yet. Items are newest first. */
export function newestOf(items: readonly Checkpoint[], headId: string): string | null {
  const kept = items.filter((item) => item.files === 'kept')
  return (kept.find((item) => item.conversation.headId === headId) ?? kept[0])?.id ?? null
}
