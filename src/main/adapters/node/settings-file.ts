import { closeSync, fstatSync, fsyncSync, mkdirSync, openSync, readFileSync, realpathSync, renameSync, rmSync, watch, type FSWatcher, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { AppError } from '#core/errors'
import type { SettingsFile } from '#core/ports/settings-file'
import type { Clock } from '#core/ports/system'
import { errnoOf, fileError } from './files/file-errors'

const MAX_BYTES = 1_000_000
/** Editors write in several steps. */
const SETTLE_MS = 120
/** Where the system cannot tell about changes. */
const LOOK_MS = 900

export function createSettingsFile({ path, clock }: { readonly path: string; readonly clock: Pick<Clock, 'after'> }): SettingsFile {
  const name = basename(path)
  return {
    path,
    read: () => withFileErrors(name, () => readWhole(path)),
    write: (text) => withFileErrors(name, () => writeWhole(realPath(path), text)),
    watch: (onChange) => {
      let cancelTimer = () => {}
      const settle = () => {
        cancelTimer()
        cancelTimer = clock.after(SETTLE_MS, onChange)
      }
      const stopWatching = watchFolders(path, settle) ?? lookAgain(clock, onChange)
      return () => {
        stopWatching()
        cancelTimer()
      }
    },
  }
}

function readWhole(path: string): string | null {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null
    throw error
  }
  try {
    const stats = fstatSync(file)
    if (!stats.isFile()) throw new AppError('CONFLICT', `${basename(path)} is not a file`)
    if (stats.size > MAX_BYTES) throw new AppError('FILE_TOO_LARGE', `${basename(path)} is larger than ${MAX_BYTES.toLocaleString('en')} bytes`)
    return readFileSync(file, 'utf8')
  } finally {
    closeSync(file)
  }
}

/** Beside the file, then over it, so that a crash leaves the old one or the new one. */
function writeWhole(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const temporary = join(dirname(path), `.${basename(path)}.new`)
  try {
    writeFileSync(temporary, text, { mode: 0o600 })
    syncFile(temporary)
    renameSync(temporary, path)
    if (process.platform !== 'win32') syncFile(dirname(path))
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

function syncFile(path: string): void {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** A file that is a link into somebody's other folder is written there and stays a link. */
function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

/** The folder of the file, and the one it really lies in. Null where the system has no such thing. */
function watchFolders(path: string, onChange: () => void): (() => void) | null {
  const watchers: FSWatcher[] = []
  const stop = () => watchers.forEach((watcher) => watcher.close())
  try {
    for (const target of new Set([path, realPath(path)])) {
      const name = basename(target)
      const watcher = watch(dirname(target), { persistent: false }, (_event, changed) => {
        if (changed === null || changed === name) onChange()
      })
      watcher.on('error', () => watcher.close())
      watchers.push(watcher)
    }
    return stop
  } catch {
    stop()
    return null
  }
}

function lookAgain(clock: Pick<Clock, 'after'>, onChange: () => void): () => void {
  let cancel = () => {}
  const next = () => {
    cancel = clock.after(LOOK_MS, () => {
      onChange()
      next()
    })
  }
  next()
  return () => cancel()
}

function withFileErrors<T>(name: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw fileError(error, name)
  }
}
