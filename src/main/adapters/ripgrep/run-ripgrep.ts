import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { AppError } from '#core/errors'

const MOST_ERROR_CHARS = 8_000
/** A record without an end is not collected further than this. */
const MOST_RECORD_BYTES = 1024 * 1024
const MOST_SKIPPED_BYTES = 32 * 1024 * 1024

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
  /** A record that is too long ends it, or is left out. */
  readonly whenTooLong?: 'end' | 'skip'
  /** What it searches instead of files. */
  readonly input?: Uint8Array
}

/** Resolves when it ended or had enough; throws the signal's reason, or INVALID_PARAMETERS with what ripgrep complained of. */
export async function runRipgrep(request: RipgrepRequest, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const child = spawn(await ripgrepPath(), request.args, {
    cwd: request.cwd,
    env: process.env['SystemRoot'] === undefined ? {} : { SystemRoot: process.env['SystemRoot'] },
    stdio: [request.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    windowsHide: true,
  })
  if (!child.stdout || !child.stderr) throw new Error('ripgrep was started without pipes')
  const kill = () => void child.kill('SIGKILL')
  signal.addEventListener('abort', kill, { once: true })
  if (signal.aborted) kill()
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint = (complaint + text).slice(0, MOST_ERROR_CHARS)))
  const closed = once(child, 'close').catch((cause) => {
    throw notInstalled(cause)
  })
  const records = readRecords(child.stdout, request, kill)
  // It may have enough before it has read everything.
  child.stdin?.on('error', () => undefined).end(request.input)
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
  let skipping = false
  const most = request.whenTooLong === 'skip' ? MOST_SKIPPED_BYTES : MOST_RECORD_BYTES
  stream.on('data', (chunk: Buffer) => {
    if (done) return
    try {
      let start = 0
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      for (let end = bytes.indexOf(request.separator); end !== -1 && !done; end = bytes.indexOf(request.separator, start)) {
        if (!skipping) done = !request.onRecord(bytes.toString('utf8', start, end))
        skipping = false
        start = end + 1
      }
      rest = skipping ? Buffer.alloc(0) : bytes.subarray(start)
      if (rest.length > most) {
        done ||= request.whenTooLong !== 'skip'
        skipping = true
        rest = Buffer.alloc(0)
      }
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
