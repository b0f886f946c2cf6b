import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { commandEnvironment, markerBlocks } from './command-environment'

export interface MarkedProgram {
  readonly file: string
  readonly args: readonly string[]
  readonly cwd: string
  /** Beside the allow-listed part of ours. */
  readonly environment: Readonly<Record<string, string>>
  /** Of 8 to 64 letters, digits, - or _. */
  readonly marker: string
}

/** A program that stays, with all three streams; its processes, however they detach themselves, are found by the mark (`endProcesses`). */
export function spawnMarked({ file, args, cwd, environment, marker }: MarkedProgram, own: NodeJS.ProcessEnv = process.env): ChildProcessWithoutNullStreams {
  const env = { ...commandEnvironment(own, marker), ...environment }
  if (process.platform === 'win32') return spawn(file, [...args], { cwd, env, stdio: 'pipe', windowsHide: true })
  const script = '{ ulimit -Hc "$0" || ulimit -c "$0"; } 2>/dev/null; exec "$@"'
  return spawn('/bin/sh', ['-c', script, String(markerBlocks(marker)), file, ...args], { cwd, env, stdio: 'pipe', detached: true })
}
