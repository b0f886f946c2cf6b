import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import type { Sandbox } from '#core/ports/sandbox'
import type { Clock, NewId } from '#core/ports/system'

export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>

export interface McpOptions {
  readonly sandbox: Sandbox
  /** Where each server gets a folder of its own. */
  readonly folder: string
  readonly version: string
  readonly clock: Clock
  readonly newId: NewId
  /** Reaches the public internet and the very server that a person named, nothing else. */
  readonly fetchFor: (server: URL) => Fetch
  /** With an allow-listed environment and the mark. */
  readonly spawn: (program: { readonly file: string; readonly args: readonly string[]; readonly cwd: string; readonly environment: Readonly<Record<string, string>>; readonly marker: string }) => ChildProcessWithoutNullStreams
  /** Ends all processes with the mark; resolves when none is left. */
  readonly endTree: (marker: string, leader: number | null) => Promise<void>
}
