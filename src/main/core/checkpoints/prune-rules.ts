interface Prunable {
  readonly id: string
  readonly at: number
  readonly pinned: boolean
}

/** Which checkpoints may let their files go, oldest first. Pinned ones, and those that something needs, never. */
export function pickPrunable(kept: readonly Prunable[], { before, needed, most }: { readonly before: number; readonly needed: ReadonlySet<string>; readonly most: number }): string[] {
  return kept.filter(({ id, at, pinned }) => !pinned && !needed.has(id) && at < before)
    .sort((left, right) => left.at - right.at)
    .slice(0, most)
    .map(({ id }) => id)
}
