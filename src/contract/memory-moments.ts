import { z } from 'zod'
import { TimestampSchema } from './common'

/** More are told as one, with those before. */
export const MAX_MOMENTS = 1_000

/** When the memory became another one: at each of these moments it was as it stayed until the next one. */
export const MemoryMomentsSchema = z.object({
  /** Oldest first. `changes`: since the one before. */
  moments: z.array(z.object({ at: TimestampSchema, changes: z.number().int() })),
  /** How many there were in fact. */
  total: z.number().int(),
})
export type MemoryMoments = z.infer<typeof MemoryMomentsSchema>
