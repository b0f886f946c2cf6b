import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { AppError } from '#core/errors'

const MOST_ERROR_CHARS = 8_000
/** A record without an end is not collected further than this. */
const MOST_RECORD_BYTES = 1024 * 1024

/** Where the binary is; unpacked, where the app is packed into one archive. */
async function ripgrepPath(): Promise<string> {
  try {
    const { rgPath } = await import('@vscode/ripgrep')
    return rgPath.replace(/\bapp\.asar\b(?!\.unpacked)/, 'app.asar.unpacked')
  } catch (cause) {
    throw notInstalled(cause)
  }
}

export interface RipgrepRequest {
  readonly cwd: string
  readonly args: readonly string[]
  /** Byte that ends a record. */
  readonly separator: number
  /** Returns false when it has enough. */
  readonly onRecord: (record: string) => boolean
}

/** Resolves when it ended or had enough; throws the signal's reason, or INVALID_PARAMETERS with what ripgrep complained of. */
export async function runRipgrep(request: RipgrepRequest, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const child = spawn(await ripgrepPath(), request.args, {
    cwd: request.cwd,
    env: process.env['SystemRoot'] === undefined ? {} : { SystemRoot: process.env['SystemRoot'] },
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  })
  const kill = () => void child.kill('SIGKILL')
  signal.addEventListener('abort', kill, { once: true })
  if (signal.aborted) kill()
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint = (complaint + text).slice(0, MOST_ERROR_CHARS)))
  const closed = once(child, 'close').catch((cause) => {
    throw notInstalled(cause)
  })
  const records = readRecords(child.stdout, request, kill)
  try {
    const [code] = await closed
    signal.throwIfAborted()
    if (records.failed()) throw records.failed()
    if (code === 2 && complaint !== '') throw new AppError('INVALID_PARAMETERS', oneLine(complaint))
  } finally {
    signal.removeEventListener('abort', kill)
  }
}

function readRecords(stream: NodeJS.ReadableStream, request: RipgrepRequest, enough: () => void) {
  let rest: Buffer = Buffer.alloc(0)
  let done = false
  let failure: unknown = null
  stream.on('data', (chunk: Buffer) => {
    if (done) return
    try {
      let start = 0
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      for (let end = bytes.indexOf(request.separator); end !== -1 && !done; end = bytes.indexOf(request.separator, start)) {
        done = !request.onRecord(bytes.toString('utf8', start, end))
        start = end + 1
      }
      rest = bytes.subarray(start)
      done ||= rest.length > MOST_RECORD_BYTES
    } catch (error) {
      failure = error
      done = true
    }
    if (done) enough()
  })
  return { failed: () => failure }
}

/** Of `regex parse error: … error: unclosed group` and its drawing, the two sentences. */
function oneLine(complaint: string): string {
  const lines = complaint.split('\n').map((line) => line.trim()).filter((line) => line !== '')
  const first = (lines[0] ?? '').replace(/^rg: /, '')
  const last = lines.findLast((line) => line.startsWith('error: '))?.replace('error: ', '')
  return `Bad pattern: ${first}${last === undefined ? '' : ` ${last}`}`.slice(0, 300)
}

function notInstalled(cause: unknown): AppError {
  return new AppError('SERVICE_UNAVAILABLE', 'Searching is not available: ripgrep is not installed for this system', { cause, retryable: false })
}
