import { z } from 'zod'
import type { LocalMemory } from '../../lib/storage'

const storageKey = 'palette.recent'
const maxKept = 20
const RecentSchema = z.array(z.string().max(200)).max(100)

/** Ids of what was picked in the palette, the last one first. */
export function readRecent(memory: LocalMemory): readonly string[] {
  try {
    return RecentSchema.parse(JSON.parse(memory.read(storageKey) ?? '[]'))
  } catch {
    return []
  }
}

export function rememberRecent(memory: LocalMemory, id: string): void {
  memory.write(storageKey, JSON.stringify([id, ...readRecent(memory).filter((other) => other !== id)].slice(0, maxKept)))
}
