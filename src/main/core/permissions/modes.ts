import type { Mode } from '#contract/common'

const rank: Readonly<Record<Mode, number>> = { plan: 0, ask: 1, 'auto-edit': 2, 'sandboxed-auto': 3 }

/** Whether it allows more without asking. */
export function isMore(mode: Mode, than: Mode): boolean {
  return rank[mode] > rank[than]
}

/** The one that allows least. */
export function narrowest(first: Mode, ...others: readonly (Mode | null)[]): Mode {
  return others.reduce<Mode>((least, mode) => (mode !== null && isMore(least, mode) ? mode : least), first)
}
