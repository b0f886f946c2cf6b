import type { Terminal, TerminalMessage } from '#contract/terminals'
import { AppError, notFound } from '../errors'
import type { Store } from '../ports/store'
import type { Clock, NewId } from '../ports/system'
import type { TerminalProcess, TerminalProcesses } from '../ports/terminal-processes'
import type { Folders } from '../ports/workspace-files'
import { createTerminalOutput, type TerminalOutput } from './terminal-output'

const MOST_TERMINALS = 20

/** Shells of the person's own. They live as long as the runtime; nothing of them is kept on disk. */
export interface TerminalService {
  create(workspaceId: string, size: { readonly columns?: number | undefined; readonly rows?: number | undefined }): Promise<Terminal>
  list(workspaceId: string): Terminal[]
  rename(id: string, title: string): Terminal
  output(id: string, signal: AbortSignal): AsyncGenerator<TerminalMessage, void, void>
  seen(id: string, offset: number): void
  input(id: string, data: string): void
  resize(id: string, columns: number, rows: number): void
  /** Resolves when the shell and all that it started are gone. */
  close(id: string): Promise<void>
  /** All of a folder, those that are just starting included. */
  closeAll(workspaceId: string): Promise<void>
  stop(): Promise<void>
}

interface Running {
  terminal: Terminal
  readonly output: TerminalOutput
  readonly process: TerminalProcess
}

export function createTerminalService({ store, folders, processes, clock, newId }: {
  readonly store: Store
  readonly folders: Folders
  readonly processes: TerminalProcesses
  readonly clock: Clock
  readonly newId: NewId
}): TerminalService {
  const terminals = new Map<string, Running>()
  let starting = 0
  let stopped = false
  const get = (id: string): Running => {
    const running = terminals.get(id)
    if (!running) throw notFound('Terminal', id)
    return running
  }
  const start = async (workspaceId: string, { columns = 80, rows = 24 }: Parameters<TerminalService['create']>[1]): Promise<Terminal> => {
    const workspace = store.workspaces.get(workspaceId)
    if (!workspace) throw notFound('Workspace', workspaceId)
    if (!workspace.trusted) throw new AppError('WORKSPACE_UNTRUSTED', 'A terminal runs in trusted folders only: its shell would read what the folder brings.')
    if (terminals.size + starting > MOST_TERMINALS) throw new AppError('CONFLICT', `There are ${MOST_TERMINALS} terminals; close one first.`)
    if (stopped) throw new AppError('SHUTTING_DOWN', 'Trestle is stopping.')
    const id = newId()
    const held: { process: TerminalProcess | null } = { process: null }
    const output = createTerminalOutput({ pause: () => held.process?.pause(), resume: () => held.process?.resume() })
    const process = await processes.start({
      folder: (await folders.open(workspace.path)).root, columns, rows, marker: id,
      onOutput: output.push,
      onEnd: (exitCode) => {
        output.end(exitCode)
        const running = terminals.get(id)
        if (running) running.terminal = { ...running.terminal, state: 'ended', exitCode }
      },
    })
    held.process = process
    const terminal: Terminal = { id, workspaceId, title: freeTitle([...terminals.values()].filter(({ terminal }) => terminal.workspaceId === workspaceId).map(({ terminal }) => terminal.title)), state: 'running', exitCode: null, createdAt: clock.now() }
    terminals.set(id, { terminal, output, process })
    if (stopped) await close(id)
    else if (store.workspaces.get(workspaceId)?.trusted !== true) {
      await close(id)
      throw new AppError('WORKSPACE_UNTRUSTED', 'The folder lost its trust while the terminal started.')
    }
    return terminal
  }
  const close = async (id: string): Promise<void> => {
    const { process, output } = get(id)
    terminals.delete(id)
    await process.end()
    output.end(null)
  }

  return {
    create: async (workspaceId, size) => {
      starting += 1
      try {
        return await start(workspaceId, size)
      } finally {
        starting -= 1
      }
    },
    list: (workspaceId) => [...terminals.values()].map(({ terminal }) => terminal).filter((terminal) => terminal.workspaceId === workspaceId),
    rename: (id, title) => {
      const running = get(id)
      running.terminal = { ...running.terminal, title }
      return running.terminal
    },
    output: (id, signal) => get(id).output.read(signal),
    seen: (id, offset) => { get(id).output.seen(offset) },
    input: (id, data) => { get(id).process.write(data) },
    resize: (id, columns, rows) => { get(id).process.resize(columns, rows) },
    close,
    closeAll: async (workspaceId) => {
      await Promise.all([...terminals.values()].filter(({ terminal }) => terminal.workspaceId === workspaceId).map(({ terminal }) => close(terminal.id)))
    },
    stop: async () => {
      stopped = true
      await Promise.all([...terminals.keys()].map(close))
    },
  }
}

function freeTitle(taken: readonly string[]): string {
  for (let number = 1; ; number += 1) if (!taken.includes(`Terminal ${number}`)) return `Terminal ${number}`
}
