export interface CommandRequest {
  readonly command: string
  /** Absolute. */
  readonly cwd: string
  readonly timeoutMs: number
  /** Marks every process of the command in its environment, so that leftovers can be found after a crash. */
  readonly marker: string
  /** Output beyond this many bytes ends the command. */
  readonly maxOutputBytes: number
  /** Both streams, in order of arrival, as text. Called as it comes. */
  readonly onOutput: (text: string) => void
}

export interface CommandResult {
  readonly exitCode: number | null
  readonly signal: string | null
  readonly ended: 'exited' | 'timeout' | 'cancelled' | 'too_much_output'
}

/**
 * Runs a shell command with an allow-listed environment. When it settles, for whatever reason, the whole process
 * tree is gone, children that detached themselves included. Throws AppError when the shell cannot be started.
 */
export interface CommandRunner {
  run(request: CommandRequest, signal: AbortSignal): Promise<CommandResult>
  /** Ends what is left of a command that an earlier process of ours started. Never throws. */
  killLeftovers(marker: string): Promise<void>
  /** Whether commands are confined by the operating system. */
  readonly sandboxed: boolean
}
