import type { ConfinedEnd, SandboxPolicy } from './sandbox'

export interface CommandRequest {
  readonly command: string
  /** Absolute. */
  readonly cwd: string
  readonly timeoutMs: number
  /** What it may do; null: everything that the person may. Only what a person has allowed runs so. */
  readonly sandbox: SandboxPolicy | null
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
  readonly ended: 'exited' | 'timeout' | 'cancelled' | 'too_much_output' | 'too_much_memory' | 'too_many_processes'
  /** What the sandbox saw; null without. */
  readonly confined: ConfinedEnd | null
}

/**
 * Runs a shell command with an allow-listed environment. When it settles, for whatever reason, the whole process
 * tree is gone, children that detached themselves included. Throws AppError when the shell cannot be started, or cannot be confined as asked:
 * nothing ever runs with more than was asked for.
 */
export interface CommandRunner {
  run(request: CommandRequest, signal: AbortSignal): Promise<CommandResult>
  /** Ends what is left of a command that an earlier process of ours started. Never throws. */
  killLeftovers(marker: string): Promise<void>
  /** Whether commands can be confined by the operating system. */
  readonly sandboxed: boolean
}
