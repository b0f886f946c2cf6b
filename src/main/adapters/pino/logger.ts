import { createRequire } from 'node:module'
import type { Logger as Pino } from 'pino'
import type { Logger } from '#core/ports/system'
import { redact } from './redact'
import { openRotatingFile } from './rotating-file'

const MEGABYTE = 1024 * 1024
const LONGEST_EVENT = 500

export interface FileLoggerOptions {
  /** The profile's logs folder; made when first needed. */
  readonly folder: string
  readonly level?: 'debug' | 'info' | 'warn' | 'error'
  readonly maxBytes?: number
  readonly maxFiles?: number
}

export interface FileLogger extends Logger {
  close(): void
}

/** JSON lines in `trestle.log`, at most 5 files of 5 MB. Its library is loaded with the first line, not at start. */
export function createFileLogger(options: FileLoggerOptions): FileLogger {
  const { folder, level = 'info', maxBytes = 5 * MEGABYTE, maxFiles = 5 } = options
  const file = openRotatingFile({ folder, name: 'trestle', maxBytes, maxFiles })
  let pino: Pino | null = null
  const log = (severity: 'debug' | 'info' | 'warn' | 'error') => (event: string, fields?: Readonly<Record<string, unknown>>) => {
    pino ??= loadPino(level, file.write)
    if (pino.isLevelEnabled(severity)) pino[severity](redact(fields ?? {}), String(redact(event)).slice(0, LONGEST_EVENT))
  }
  return { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error'), close: file.close }
}

function loadPino(level: string, write: (line: string) => void): Pino {
  const { pino } = createRequire(import.meta.url)('pino') as typeof import('pino')
  return pino({
    level,
    base: null,
    messageKey: 'event',
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: (value) => value, error: (value) => value },
  }, { write })
}
