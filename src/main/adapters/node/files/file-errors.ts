import { AppError } from '#core/errors'
import { outsideWorkspace } from './path-rules'

export function errnoOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
}

/** Turns a failure of the file system into one that names the path inside the workspace only. Bugs pass through. */
export function fileError(error: unknown, path: string): unknown {
  const errno = errnoOf(error)
  if (error instanceof AppError || errno === null || !/^E[A-Z0-9]+$/.test(errno)) return error
  const shown = path === '' ? 'The workspace folder' : path
  const options = { cause: error }
  switch (errno) {
    case 'ENOENT':
      return new AppError('RESOURCE_NOT_FOUND', `${shown} not found`, options)
    case 'ENOTDIR':
      return new AppError('RESOURCE_NOT_FOUND', `${shown} not found: a part of the path is not a folder`, options)
    case 'EISDIR':
      return new AppError('CONFLICT', `${shown} is a folder`, options)
    case 'EEXIST':
    case 'ENOTEMPTY':
      return new AppError('CONFLICT', `${shown} already exists`, options)
    case 'EINVAL':
      return new AppError('CONFLICT', `${shown} cannot be moved into itself`, options)
    case 'ELOOP':
      return outsideWorkspace(error)
    case 'ENAMETOOLONG':
      return new AppError('INVALID_PARAMETERS', 'A name in the path is too long for this file system', options)
    case 'ENOSPC':
    case 'EDQUOT':
      return new AppError('DISK_FULL', `${shown} was not written: the disk is full. What was there before is unchanged; free some space and try again`, options)
    case 'EFBIG':
      return new AppError('FILE_TOO_LARGE', `${shown} was not written: it is too large for this file system`, options)
    case 'EROFS':
      return new AppError('PERMISSION_DENIED', `${shown} is on a read-only file system`, options)
    case 'EACCES':
    case 'EPERM':
      return new AppError('PERMISSION_DENIED', `The operating system does not allow access to ${shown}`, options)
    case 'EIO':
    case 'ESTALE':
    case 'ENODEV':
    case 'ENOTCONN':
    case 'EHOSTDOWN':
      return new AppError('WORKSPACE_UNAVAILABLE', `The disk with the workspace does not answer (${errno})`, options)
    case 'EBUSY':
    case 'ETXTBSY':
    case 'EMFILE':
    case 'ENFILE':
      return new AppError('SERVICE_UNAVAILABLE', `${shown} is busy (${errno}); try again`, options)
    default:
      return new AppError('PERMISSION_DENIED', `${shown} cannot be used (${errno})`, options)
  }
}

export function notARegularFile(path: string): AppError {
  return new AppError('PERMISSION_DENIED', `${path} is not a regular file (a pipe, socket or device)`)
}

export function isAFolder(path: string): AppError {
  return new AppError('CONFLICT', `${path === '' ? 'The workspace folder' : path} is a folder, not a file`)
}
