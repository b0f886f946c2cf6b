import { z } from 'zod'

const IdSchema = z.union([z.string().max(200), z.number()])
// Files are sent under these; the contract has none.
const HeadersSchema = z.record(z.string(), z.union([z.string(), z.array(z.string())])).refine((headers) => !('content-disposition' in headers) && !/^multipart/i.test(String(headers['content-type'] ?? '')))
const FrameSchema = z.union([
  z.object({ i: IdSchema, t: z.literal(4) }),
  z.object({ i: IdSchema, t: z.literal(3), p: z.object({ e: z.enum(['message', 'error', 'done']) }) }),
  z.object({ i: IdSchema, t: z.literal(1).optional(), p: z.object({ u: z.string().startsWith('/').max(10_000), h: HeadersSchema.optional(), m: z.string().max(20).optional() }) }),
])

/** Whether a message is one of those that the typed client sends: the library logs what it cannot read, with its stack, and goes on. */
export function isRpcFrame(data: unknown): data is string {
  if (typeof data !== 'string') return false
  try {
    return FrameSchema.safeParse(JSON.parse(data)).success
  } catch {
    return false
  }
}
