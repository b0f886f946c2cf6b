/** Starts shells in pseudo-terminals. */
export interface TerminalProcesses {
  /** AppError `SERVICE_UNAVAILABLE` when no pseudo-terminal can be had, `WORKSPACE_UNAVAILABLE` when the folder is gone. */
  start(request: TerminalRequest): Promise<TerminalProcess>
}

export interface TerminalRequest {
  /** Absolute. */
  readonly folder: string
  readonly columns: number
  readonly rows: number
  /** Marks its processes in their environment, as that of a command does. */
  readonly marker: string
  /** Characters whole, in order. Not called after `onEnd`. */
  readonly onOutput: (text: string) => void
  /** Once, when the shell has ended. */
  readonly onEnd: (exitCode: number | null) => void
}

/** None of these throws, also when it has ended. */
export interface TerminalProcess {
  write(data: string): void
  resize(columns: number, rows: number): void
  /** While paused, programs that print wait. */
  pause(): void
  resume(): void
  /** Resolves when the shell and all that it started are gone. */
  end(): Promise<void>
}
