import type { McpServer } from '#contract/mcp'
import { AppError, isAppError } from '../errors'
import type { McpClients, McpConnection, McpTarget } from '../ports/mcp-client'
import type { Clock } from '../ports/system'
import { createScrub } from './scrub'
import { createServerLog, type ServerLog } from './server-log'

const FIRST_PAUSE_MS = 1000
const MOST_ENDS = 5
/** Having run so long, what came before is forgotten. */
const STEADY_MS = 60_000
const READ_AGAIN_MS = 1000

export type Live = Pick<McpServer, 'problem' | 'retryAt' | 'about'> & {
  readonly state: 'idle' | 'starting' | 'running' | 'waiting' | 'failed'
  /** It refused us for want of a sign-in. */
  readonly refused?: boolean
}

/** The running side of one server: at most one connection, made when it is needed, made again with growing pauses when it ends on its own. */
export interface LiveServer {
  current(): Live
  readonly log: ServerLog
  /** Connected now or soon. Rejects with AppError while it waits to start again, and when it cannot be reached. */
  use(signal: AbortSignal): Promise<McpConnection>
  /** Forgets earlier failures. Rejects with AppError when it cannot be reached. */
  restart(): Promise<void>
  /** Resolves when nothing of it runs. It starts again when it is needed. Never throws. */
  stop(): Promise<void>
}

export interface LiveServerPorts {
  readonly clients: McpClients
  readonly clock: Clock
  /** What is connected to, as it is now. Rejects with AppError when it may not start. */
  readonly target: () => Promise<McpTarget>
  /** Once connected, and each time that it says that its tools are others. */
  readonly readTools: (connection: McpConnection, signal: AbortSignal) => Promise<void>
  /** Whether it may start without a person. */
  readonly startsAlone: () => boolean
  readonly onChange: () => void
}

interface Attempt {
  readonly abort: AbortController
  readonly done: Promise<McpConnection>
}

export function createLiveServer(ports: LiveServerPorts): LiveServer {
  const { clock } = ports
  const log = createServerLog(clock.now)
  let live: Live = { state: 'idle', problem: null, retryAt: null, about: null }
  let attempt: Attempt | null = null
  let connection: McpConnection | null = null
  let ends = 0
  let startedAt = 0
  let cancelRetry: () => void = () => undefined

  const become = (next: Live) => {
    live = next
    if (next.problem !== null) log.add('trestle', next.problem)
    ports.onChange()
  }
  const rest = (problem: string, retryable: boolean, refused = false) => {
    cancelRetry()
    if (clock.elapsed() - startedAt > STEADY_MS) ends = 0
    ends += 1
    if (!retryable || ends > MOST_ENDS) return become({ state: 'failed', problem, retryAt: null, about: live.about, refused })
    const pause = FIRST_PAUSE_MS * 2 ** (ends - 1)
    become({ state: 'waiting', problem, retryAt: clock.now() + pause, about: live.about })
    cancelRetry = clock.after(pause, () => (ports.startsAlone() ? void start() : become({ ...live, state: 'idle', retryAt: null })))
  }
  const begin = async (abort: AbortController): Promise<McpConnection> => {
    const isCurrent = () => attempt?.abort === abort
    try {
      connection = await open(ports, log, abort, isCurrent, (why) => {
        attempt = null
        connection = null
        rest(`It stopped: ${why}`, true)
      })
      become({ state: 'running', problem: null, retryAt: null, about: { name: connection.about.name, version: connection.about.version } })
      return connection
    } catch (error) {
      const known = isAppError(error) ? error : stopped(error)
      if (isCurrent()) {
        attempt = null
        rest(known.message, known.retryable, known.code === 'AUTHENTICATION_ERROR')
      }
      throw isAppError(error) || abort.signal.aborted ? known : error
    }
  }
  const start = (): Attempt => {
    cancelRetry()
    startedAt = clock.elapsed()
    const abort = new AbortController()
    // Begins in a moment, when it is known as the current one.
    const begun = { done: Promise.resolve().then(() => begin(abort)), abort }
    begun.done.catch(() => undefined)
    attempt = begun
    become({ state: 'starting', problem: null, retryAt: null, about: live.about })
    return begun
  }
  const stop = async () => {
    cancelRetry()
    const [last, opened] = [attempt, connection]
    attempt = null
    connection = null
    if (live.state !== 'idle') become({ state: 'idle', problem: null, retryAt: null, about: live.about })
    last?.abort.abort(stopped())
    await opened?.close()
    await last?.done.then((made) => made.close(), () => undefined)
  }

  return {
    current: () => live, log, stop,
    use: (signal) => {
      if (connection) return Promise.resolve(connection)
      if (attempt === null && (live.state === 'failed' || live.state === 'waiting')) return Promise.reject(unavailable(live, clock.now()))
      return orAborted((attempt ?? start()).done, signal)
    },
    restart: async () => {
      await stop()
      ends = 0
      await start().done
    },
  }
}

/** Connects and reads the tools. `onEnd`: it ended on its own later, or meanwhile. */
async function open(ports: LiveServerPorts, log: ServerLog, abort: AbortController, isCurrent: () => boolean, onEnd: (why: string) => void): Promise<McpConnection> {
  const opened: { connection: McpConnection | null } = { connection: null }
  const readings = createReadings(ports, log)
  try {
    const target = await ports.target()
    const scrub = createScrub(Object.values(target.secrets))
    log.add('trestle', target.transport.kind === 'stdio' ? `Starts ${target.transport.command}` : `Connects to ${new URL(target.transport.url).origin}`)
    const made = await ports.clients.connect(target, {
      onEnd: (why) => {
        if (!isCurrent() || why === null) return
        abort.abort(stopped())
        void opened.connection?.close()
        onEnd(scrub(why))
      },
      onToolsChanged: () => { if (isCurrent() && opened.connection) readings.again(opened.connection, abort.signal) },
      onLine: (text) => log.add('server', scrub(text)),
      onDropped: log.drop,
    }, abort.signal)
    opened.connection = made
    abort.signal.throwIfAborted()
    await ports.readTools(made, abort.signal)
    abort.signal.throwIfAborted()
    return withoutSecrets(made, scrub)
  } catch (error) {
    await opened.connection?.close()
    throw error
  }
}

/** What it was given to know is not told to agents. */
function withoutSecrets(connection: McpConnection, scrub: (text: string) => string): McpConnection {
  return {
    ...connection,
    callTool: async (...args) => {
      const content = await connection.callTool(...args)
      return { ...content, text: scrub(content.text) }
    },
    readResource: async (...args) => {
      const { text, base64 } = await connection.readResource(...args)
      return { text: text === null ? null : scrub(text), base64 }
    },
    getPrompt: async (...args) => scrub(await connection.getPrompt(...args)),
  }
}

/** Asked for its tools again at most once at a time, and once more when it said so meanwhile. */
function createReadings({ readTools, clock }: Pick<LiveServerPorts, 'readTools' | 'clock'>, log: ServerLog) {
  let reading = false
  let wanted = false
  const again = (connection: McpConnection, signal: AbortSignal): void => {
    wanted = true
    if (reading) return
    reading = true
    void (async () => {
      try {
        while (wanted && !signal.aborted) {
          wanted = false
          await readTools(connection, signal)
          await clock.sleep(READ_AGAIN_MS, signal)
        }
      } catch (error) {
        if (!signal.aborted) log.add('trestle', `Its tools could not be read again: ${error instanceof Error ? error.message : 'no reason was given'}`)
      } finally {
        reading = false
      }
    })()
  }
  return { again }
}

function stopped(cause?: unknown): AppError {
  return new AppError('SERVICE_UNAVAILABLE', 'The MCP server was stopped while it started.', { cause })
}

function unavailable({ problem, retryAt }: Live, now: number): AppError {
  const when = retryAt === null ? 'A person can start it again in Settings, MCP servers.' : `It starts again in ${Math.max(1, Math.ceil((retryAt - now) / 1000))} s.`
  return new AppError('SERVICE_UNAVAILABLE', `${problem ?? 'It is not running.'} ${when}`)
}

function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason)
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
