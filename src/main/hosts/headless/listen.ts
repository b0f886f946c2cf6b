import { AppError } from '#core/errors'
import type { HttpServer } from './server/http-server'

export const DEFAULT_PORT = 8080

/** Listens on the asked port. Without one, on 8080, or on any when that is taken. Throws AppError. */
export async function listenOn(server: HttpServer, { port, host }: { readonly port: number | null; readonly host: string }, say: (line: string) => void): Promise<number> {
  try {
    return await server.listen(port ?? DEFAULT_PORT, host)
  } catch (error) {
    const taken = codeOf(error) === 'EADDRINUSE'
    if (!taken || port !== null) throw toAppError(error, port ?? DEFAULT_PORT, host)
  }
  const free = await server.listen(0, host)
  say(`port ${DEFAULT_PORT} is taken, so this is on ${free}`)
  return free
}

function toAppError(cause: unknown, port: number, host: string): AppError {
  switch (codeOf(cause)) {
    case 'EADDRINUSE':
      return new AppError('CONFLICT', `Port ${port} is taken. Choose another with --port, or 0 for any.`, { cause })
    case 'EACCES':
      return new AppError('PERMISSION_DENIED', `Port ${port} needs more rights. Choose one above 1023 with --port.`, { cause })
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new AppError('INVALID_PARAMETERS', `${host} is no address of this machine.`, { cause })
    default:
      return new AppError('INTERNAL_ERROR', `The server could not listen on ${host} port ${port}.`, { cause })
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
