import type { Entry } from '#contract/entries'
import type { MemoryItem } from '#contract/memory'
import { carriedBy } from '../../flow/carried'
import { sourcesOf } from '../../flow/labels'

/** Of what agents noted after they had read something private. A person who takes it off says that it is not. */
export const PRIVATE_TAG = 'private'

export function isPrivateNote({ sensitivity, tags }: Pick<MemoryItem, 'sensitivity' | 'tags'>): boolean {
  return sensitivity === 'sensitive' || tags.includes(PRIVATE_TAG)
}

export function hasReadPrivate(path: readonly Entry[]): boolean {
  return carriedBy(sourcesOf(path)).some(({ label }) => label === 'private')
}
