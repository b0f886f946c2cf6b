import type { SandboxLimits } from '../sandbox/limits'

export type SandboxKind = 'bubblewrap' | 'seatbelt'

/** `off`: there is none here, or what is there does not work; `why` in plain words. */
export type SandboxStatus =
  | { readonly state: 'on'; readonly kind: SandboxKind; /** Whether single hosts can be opened. */ readonly network: boolean; readonly why: null }
  | { readonly state: 'off'; readonly kind: SandboxKind | null; readonly network: false; readonly why: string }

/** What one command may do beyond computing. Everything that is not named here is read-only or not there at all. */
export interface SandboxPolicy {
  /** Absolute real path; writable but for what is protected in it. */
  readonly workspace: string
  /** Names the temporary folder, which the commands of one session share. */
  readonly sessionId: string
  /** Host patterns as `host-patterns.ts` reads them. Empty: no network. */
  readonly hosts: readonly string[]
  readonly limits: SandboxLimits
  /** What else it sees; absolute. Of those that are writable, what is protected in them is not. */
  readonly folders?: readonly { readonly path: string; readonly write: boolean }[]
  /** Errors come by a stream of their own, with what the sandbox itself complains of. */
  readonly errorsApart?: boolean
}

/** How a command is started inside. */
export interface Confined {
  readonly file: string
  readonly args: readonly string[]
  /** Beside those that the command has anyway. */
  readonly environment: Readonly<Record<string, string>>
  /** What the command, with all its processes, uses now; null where that cannot be seen. `pid`: of the started program. */
  usage(pid: number): ResourceUse | null
  /** Ends all of its processes at once, where that can be done. */
  kill(pid: number): void
  /** Once no process of it is left. Never throws. */
  end(): Promise<ConfinedEnd>
}

export interface ResourceUse {
  readonly processes: number
  readonly memoryBytes: number
}

export interface ConfinedEnd {
  /** Protected paths that were not there before, relative to the workspace. */
  readonly madeProtected: readonly string[]
  /** Hosts that it was refused, with why. */
  readonly refusedHosts: readonly RefusedHost[]
}

export interface RefusedHost {
  readonly host: string
  readonly why: string
}

/** Confines commands by means of the operating system. */
export interface Sandbox {
  /** As of the last look; off before the first. */
  status(): SandboxStatus
  /** Tries it with the real thing. Never throws. */
  look(): Promise<SandboxStatus>
  /** `script` is a shell command line. Throws AppError `SERVICE_UNAVAILABLE` when it cannot be confined; then nothing may run. */
  confine(policy: SandboxPolicy, script: string): Promise<Confined>
  /** Removes the temporary folders of sessions. Never throws. */
  tidy(): Promise<void>
}
