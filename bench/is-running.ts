import { readFileSync } from 'node:fs'

/** Whether a process is at work: one that has ended and only waits to be looked at by its parent is not. Linux. */
export function isRunning(pid: number): boolean {
  try {
    // The name before the state may have anything in it (proc_pid_stat(5)).
    return !/\) [ZX] [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}
