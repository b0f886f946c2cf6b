/** Of one command with all its processes, but for what says otherwise. */
export interface SandboxLimits {
  readonly memoryBytes: number
  readonly processes: number
  /** Of each single file that it writes. */
  readonly fileBytes: number
}

export const sandboxLimits: SandboxLimits = { memoryBytes: 8 * 1024 ** 3, processes: 1000, fileBytes: 2 * 1024 ** 3 }
