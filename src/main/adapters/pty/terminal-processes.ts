import type { IPty } from '@lydell/node-pty'
import { existsSync } from 'node:fs'
import { AppError } from '#core/errors'
import type { TerminalProcess, TerminalProcesses, TerminalRequest } from '#core/ports/terminal-processes'

export interface TerminalProcessesOptions {
  /** What a shell may know of ours, with its mark. */
  readonly environment: (marker: string) => Readonly<Record<string, string | undefined>>
  /** Ends all processes of a shell; resolves when none is left. */
  readonly endTree: (marker: string, leader: number) => Promise<void>
}

/** The library is loaded with the first terminal. */
export function createTerminalProcesses({ environment, endTree }: TerminalProcessesOptions): TerminalProcesses {
  return {
    start: async (request) => {
      const env = environment(request.marker)
      const pty = await startPty(request, env)
      return handle(pty, request, () => endTree(request.marker, pty.pid))
    },
  }
}

async function startPty({ folder, columns, rows }: TerminalRequest, env: Readonly<Record<string, string | undefined>>): Promise<IPty> {
  try {
    const { spawn } = await import('@lydell/node-pty')
    const { file, args } = shellOf(env)
    return spawn(file, args, { name: 'xterm-256color', cols: columns, rows, cwd: folder, env: { ...env }, encoding: 'utf8' })
  } catch (cause) {
    if (!existsSync(folder)) throw new AppError('WORKSPACE_UNAVAILABLE', 'The folder to open a terminal in does not exist any more', { cause })
    throw new AppError('SERVICE_UNAVAILABLE', 'A terminal could not be started on this system', { cause, retryable: false })
  }
}

function shellOf(env: Readonly<Record<string, string | undefined>>): { readonly file: string; readonly args: string[] } {
  if (process.platform === 'win32') return { file: env['COMSPEC'] ?? env['ComSpec'] ?? 'cmd.exe', args: [] }
  const wanted = env['SHELL']
  return { file: wanted !== undefined && wanted.startsWith('/') && existsSync(wanted) ? wanted : '/bin/sh', args: process.platform === 'darwin' ? ['-l'] : [] }
}

function handle(pty: IPty, { onOutput, onEnd }: TerminalRequest, endTree: () => Promise<void>): TerminalProcess {
  let ended = false
  let paused = false
  const attempt = (work: () => void) => {
    if (ended) return
    try {
      work()
    } catch {
      // It ended at this very moment; `onExit` tells.
    }
  }
  const output = pty.onData((text) => { if (!ended) onOutput(text) })
  const exit = pty.onExit(({ exitCode }) => {
    if (ended) return
    ended = true
    output.dispose()
    exit.dispose()
    onEnd(exitCode)
    // What it left in the background would outlive its terminal unseen.
    void endTree()
  })
  return {
    write: (data) => attempt(() => { pty.write(data) }),
    resize: (columns, rows) => attempt(() => { pty.resize(columns, rows) }),
    pause: () => attempt(() => {
      paused = true
      pty.pause()
    }),
    resume: () => attempt(() => {
      paused = false
      pty.resume()
    }),
    end: async () => {
      // A paused one would never read that its other end is gone.
      if (paused) attempt(() => { pty.resume() })
      attempt(() => { pty.kill() })
      await endTree()
      if (ended) return
      ended = true
      output.dispose()
      exit.dispose()
    },
  }
}
