import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'

/**
 * A note beside the database of how the file looked when it was last closed. While it still looks so, nothing has
 * written to it since, and it need not be read through at start. It lies beside the file because a file cannot hold
 * its own modification time; it is taken away as long as the database is open.
 */
export function noteCleanStop(path: string): void {
  writeFileSync(noteOf(path), lookOf(path))
}

/** Whether the database was closed in order and has not been touched since. */
export function wasStoppedCleanly(path: string): boolean {
  try {
    return readFileSync(noteOf(path), 'utf8') === lookOf(path) && statSync(`${path}-wal`, { throwIfNoEntry: false }) === undefined
  } catch {
    return false
  }
}

export function forgetCleanStop(path: string): void {
  rmSync(noteOf(path), { force: true })
}

function noteOf(path: string): string {
  return `${path}.clean`
}

function lookOf(path: string): string {
  const { size, mtimeNs, ctimeNs } = statSync(path, { bigint: true })
  return JSON.stringify([size, mtimeNs, ctimeNs].map(String))
}
