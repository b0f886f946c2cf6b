import { z } from 'zod'
import { AppError } from '#core/errors'

/** Where a page ended, by the values of its last row. Opaque to whoever carries it. */
export function encodeCursor(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url')
}

/** Throws AppError INVALID_PARAMETERS for what `encodeCursor` did not make. */
export function decodeCursor<T extends z.ZodType>(cursor: string, schema: T): z.output<T> {
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
  } catch (cause) {
    throw new AppError('INVALID_PARAMETERS', 'This cursor is not one that a page gave. Start again without a cursor.', { cause })
  }
}
