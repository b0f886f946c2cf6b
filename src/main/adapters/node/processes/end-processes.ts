import { execFile } from 'node:child_process'
import type { Clock } from '#core/ports/system'
import { plainEnvironment } from './command-environment'
import { processesOf, readProcesses, type ProcessEntry } from './process-table'

const GRACE_MS = 400
const POLL_MS = 20
/** Against a command that forks as fast as we end it. */
const MOST_ROUNDS = 200

export interface EndOptions {
  readonly marker: string
  /** Process, group and session of the shell; null after a restart. */
  readonly leader: number | null
  readonly clock: Clock
  /** Asked to end first; false after it has been asked already. */
  readonly politely: boolean
}

/** Ends every process of a command and resolves when none is left. Never throws. */
export async function endProcesses(options: EndOptions): Promise<void> {
  if (process.platform === 'win32') return endOnWindows(options.leader)
  let left = await find(options)
  if (options.politely && left.length > 0) {
    signalAll(left, 'SIGTERM')
    const deadline = options.clock.elapsed() + GRACE_MS
    while (left.length > 0 && options.clock.elapsed() < deadline) {
      await options.clock.sleep(POLL_MS)
      left = await find(options)
    }
  }
  for (let round = 0; left.length > 0 && round < MOST_ROUNDS; round++) {
    signalAll(left, 'SIGKILL')
    await options.clock.sleep(round < 10 ? 2 : POLL_MS)
    left = await find(options)
  }
}

async function find(options: EndOptions): Promise<readonly ProcessEntry[]> {
  const found = processesOf(await readProcesses(options.marker), options.leader, process.pid)
  return found.filter((entry) => entry.group !== 0)
}

/** Whole groups first: the kernel does that at once, so that nobody in the group can fork meanwhile. */
function signalAll(entries: readonly ProcessEntry[], signal: NodeJS.Signals): void {
  const led = new Set(entries.filter((entry) => entry.group === entry.pid).map((entry) => entry.pid))
  for (const group of led) send(-group, signal)
  for (const entry of entries) if (!led.has(entry.group)) send(entry.pid, signal)
}

function send(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal)
  } catch {
    // Gone already, or not ours to signal.
  }
}

function endOnWindows(leader: number | null): Promise<void> {
  if (leader === null) return Promise.resolve()
  return new Promise((resolve) => {
    execFile('taskkill', ['/T', '/F', '/PID', String(leader)], { windowsHide: true, env: plainEnvironment(process.env) }, () => resolve())
  })
}
