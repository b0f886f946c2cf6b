import { z } from 'zod'
import type { LocalMemory } from '../../lib/storage'

/** Where a reader was in a branch: the entry at the top of the view, and how far it was scrolled out of it. */
const PlaceSchema = z.object({ headId: z.string(), entryId: z.string(), offset: z.number() })
export type Place = z.infer<typeof PlaceSchema>

const PlacesSchema = z.array(z.tuple([z.string(), PlaceSchema]))
const storageKey = 'places'
const maxSessions = 100

/** The place of each session, for this machine. Being at the end is no place: there the newest is followed. */
export function createPlaces(memory: LocalMemory) {
  const read = (): Map<string, Place> => {
    const text = memory.read(storageKey)
    if (text === null) return new Map()
    try {
      return new Map(PlacesSchema.parse(JSON.parse(text)))
    } catch {
      return new Map()
    }
  }
  return {
    get: (sessionId: string): Place | null => read().get(sessionId) ?? null,
    set: (sessionId: string, place: Place | null): void => {
      const places = read()
      if (place === null && !places.delete(sessionId)) return
      if (place !== null) {
        places.delete(sessionId)
        places.set(sessionId, place)
      }
      memory.write(storageKey, JSON.stringify([...places].slice(-maxSessions)))
    },
  }
}
export type Places = ReturnType<typeof createPlaces>
