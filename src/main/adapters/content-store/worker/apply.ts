import {
  chmodSync, closeSync, constants, existsSync, fchmodSync, fsyncSync, linkSync, mkdirSync, openSync, readlinkSync, renameSync, rmdirSync, rmSync, symlinkSync, unlinkSync, writeSync,
  type Stats,
} from 'node:fs'
import { dirname } from 'node:path'
import type { FileState } from '#contract/file-changes'
import type { ApplyChange } from '#core/ports/snapshots'
import { type Directory, errnoOf, lstatOrNull, openDirectory } from '../../shared/directory'
import { readStable } from '../files/stable-read'
import { joinPath, nameOf, parentOf } from './nodes'
import { DamagedObject, type Objects } from './objects'
import { createParents, type Parents } from './parents'
import { modeOf } from './scan'
import { hashOf } from './tree-codec'
import { readTree } from './trees'

const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0)
/** Each file is synced up to so many; beyond, the system does it in its time, and the redo checkpoint is there. */
const MOST_SYNCED = 2000
const LONGEST_FILE = 2 ** 31 - 1

export interface Applied {
  readonly failed: readonly { readonly path: string; readonly reason: string }[]
}

/**
 * Deletes first, from the deepest up, then makes folders, then writes. A path is changed only while it is exactly what
 * `before` says; one that is as `after` says is done. So a second call finishes what a crash cut short.
 */
export async function applyChanges(objects: Objects, root: string, id: string, changes: readonly ApplyChange[], onProgress: (done: number) => void): Promise<Applied> {
  const failed: { path: string; reason: string }[] = []
  const top = openDirectory(root)
  const parents = createParents(top)
  let done = 0
  try {
    for (const { path, work } of inOrder({ objects, parents, temporary: `.trestle-${id}.tmp`, sync: changes.length <= MOST_SYNCED }, changes)) {
      const reason = attempt(work)
      if (reason !== null) failed.push({ path, reason })
      done += 1
      if (done % 64 !== 0) continue
      onProgress(done)
      parents.release()
      await new Promise((resolve) => { setImmediate(resolve) })
    }
  } finally {
    parents.release()
    top.close()
  }
  onProgress(done)
  return { failed }
}

interface Use {
  readonly objects: Objects
  readonly parents: Parents
  readonly temporary: string
  readonly sync: boolean
}

function* inOrder(use: Use, changes: readonly ApplyChange[]): Generator<{ readonly path: string; readonly work: () => string | null }> {
  const sorted = [...changes].sort((left, right) => (left.path < right.path ? -1 : 1))
  const replaced = ({ before, after }: ApplyChange) => before !== null && (after === null || (before.kind === 'directory') !== (after.kind === 'directory'))
  for (const change of sorted.toReversed()) if (replaced(change)) yield { path: change.path, work: () => remove(use, change) }
  for (const change of sorted) if (change.after?.kind === 'directory') yield { path: change.path, work: () => makeFolder(use, change) }
  for (const change of sorted) {
    const { after } = change
    if (after && after.kind !== 'directory' && after.kind !== 'not_covered') yield { path: change.path, work: () => write(use, replaced(change) ? { ...change, before: null } : change, after) }
  }
}

/** Null when it worked, else what stood in the way. Bugs are thrown. */
function attempt(work: () => string | null): string | null {
  try {
    return work()
  } catch (error) {
    if (error instanceof DamagedObject) return 'its stored content is damaged'
    switch (errnoOf(error)) {
      case null:
        throw error
      case 'EACCES':
      case 'EPERM':
      case 'EROFS':
        return 'the system does not allow to change it'
      case 'ENOSPC':
      case 'EDQUOT':
        return 'the disk is full'
      default:
        return `it could not be changed (${errnoOf(error) ?? ''})`
    }
  }
}

const changedSince = 'it was changed at the last moment and left as it is'

function remove(use: Use, { path, before, after }: ApplyChange): string | null {
  return inParent(use, path, (directory, name) => {
    const stats = lstatOrNull(directory.at(name))
    if (!stats || (after && looksLike(stats, after))) return null
    if (before?.kind === 'directory') {
      try {
        rmdirSync(directory.at(name))
      } catch (error) {
        // Something is in it that is not ours to delete: it stays.
        if (errnoOf(error) === 'ENOTEMPTY' || errnoOf(error) === 'EEXIST' || errnoOf(error) === 'ENOTDIR') return null
        throw error
      } finally {
        use.parents.release()
      }
      return null
    }
    if (!isAs(directory, name, stats, before)) return changedSince
    unlinkSync(directory.at(name))
    return null
  })
}

function makeFolder(use: Use, { path, after }: ApplyChange): string | null {
  return inParent(use, path, (directory, name) => {
    const stats = lstatOrNull(directory.at(name))
    if (stats && !stats.isDirectory()) return changedSince
    if (!stats) mkdirSync(directory.at(name))
    if (after && process.platform !== 'win32') withFolder(directory, name, (fd) => { fchmodSync(fd, after.mode) })
    return null
  })
}

function withFolder(directory: Directory, name: string, work: (fd: number) => void): void {
  const folder = directory.enter(name)
  try {
    const fd = folder.sync()
    if (fd !== null) work(fd)
  } finally {
    folder.close()
  }
}

function write(use: Use, change: ApplyChange, after: FileState): string | null {
  return inParent(use, change.path, (directory, name) => {
    const { temporary } = use
    const stats = lstatOrNull(directory.at(name))
    let isPlaced = false
    try {
      if (stats && isAs(directory, name, stats, after)) return null
      if (stats ? !isAs(directory, name, stats, change.before) : change.before !== null && change.before.kind !== 'not_covered') return changedSince
      writeTemporary(use, directory, after)
      const now = lstatOrNull(directory.at(name))
      if (!sameStats(stats, now)) return changedSince
      if (now) renameSync(directory.at(temporary), directory.at(name))
      else placeNew(directory, temporary, name)
      isPlaced = true
    } finally {
      // Also what a call before a crash left.
      if (!isPlaced) rmSync(directory.at(temporary), { force: true })
    }
    const fd = directory.sync()
    if (use.sync && fd !== null) fsyncSync(fd)
    return null
  })
}

/** Never onto something: a hard link fails where the name is taken. */
function placeNew(directory: Directory, temporary: string, name: string): void {
  try {
    linkSync(directory.at(temporary), directory.at(name))
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') throw error
    return renameSync(directory.at(temporary), directory.at(name))
  }
  unlinkSync(directory.at(temporary))
}

function writeTemporary(use: Pick<Use, 'objects' | 'temporary' | 'sync'>, directory: Directory, after: FileState): void {
  const bytes = use.objects.get(after.hash ?? '')
  const path = directory.at(use.temporary)
  try {
    writeAt(path, bytes, after, use.sync)
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error
    // What a call before a crash left.
    unlinkSync(path)
    writeAt(path, bytes, after, use.sync)
  }
}

function writeAt(path: string | Buffer, bytes: Buffer, after: FileState, sync: boolean): void {
  if (after.kind === 'link') {
    symlinkSync(bytes, path)
    return
  }
  const fd = openSync(path, CREATE, 0o600)
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at)
    if (process.platform !== 'win32') fchmodSync(fd, after.mode)
    if (sync) fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

function inParent({ parents }: Use, path: string, work: (directory: Directory, name: string) => string | null): string | null {
  return work(parents.of(parentOf(path)), nameOf(path))
}

function looksLike(stats: Stats, state: FileState): boolean {
  return state.kind === 'directory' ? stats.isDirectory() : state.kind === 'link' ? stats.isSymbolicLink() : state.kind === 'file' && stats.isFile()
}

/** Whether a name is exactly in this state. */
function isAs(directory: Directory, name: string, stats: Stats, state: FileState | null): boolean {
  if (!state || !looksLike(stats, state)) return false
  if (state.kind === 'link') return hashOf(readlinkSync(directory.at(name), { encoding: 'buffer' })) === state.hash
  if (stats.size !== state.bytes || (process.platform !== 'win32' && modeOf(stats) !== state.mode)) return false
  const read = readStable(directory, name, LONGEST_FILE)
  return read.kind === 'content' && read.stable && hashOf(read.bytes) === state.hash
}

function sameStats(before: Stats | null, now: Stats | null): boolean {
  if (!before || !now) return before === now
  return before.ino === now.ino && before.size === now.size && before.mtimeMs === now.mtimeMs && before.ctimeMs === now.ctimeMs
}

/** Writes a whole state into a new folder, beside its place first, so that the folder is there only when it is whole. */
export async function materialise(objects: Objects, treeId: string, folder: string): Promise<string[]> {
  const damaged: string[] = []
  const draft = `${folder}.partial`
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(dirname(folder), { recursive: true, mode: 0o700 })
  mkdirSync(draft, { mode: 0o700 })
  const top = openDirectory(draft)
  try {
    await fill(objects, treeId, top, '', damaged)
  } finally {
    top.close()
  }
  if (existsSync(folder)) throw Object.assign(new Error('the folder exists'), { code: 'EEXIST' })
  renameSync(draft, folder)
  return damaged
}

async function fill(objects: Objects, treeId: string, directory: Directory, path: string, damaged: string[]): Promise<void> {
  await new Promise((resolve) => { setImmediate(resolve) })
  for (const entry of readTree(objects, treeId)) {
    const child = joinPath(path, entry.name)
    try {
      if (entry.kind === 'directory') {
        mkdirSync(directory.at(entry.name), 0o700)
        const folder = directory.enter(entry.name)
        try {
          await fill(objects, entry.hash, folder, child, damaged)
        } finally {
          folder.close()
        }
        if (process.platform !== 'win32') chmodSync(directory.at(entry.name), entry.mode)
      } else if (entry.kind !== 'not_covered') {
        writeNew(directory, entry.name, { kind: entry.kind, mode: entry.mode, bytes: entry.size, hash: entry.hash }, objects)
      }
    } catch (error) {
      if (!(error instanceof DamagedObject)) throw error
      damaged.push(child)
    }
  }
}

function writeNew(directory: Directory, name: string, state: FileState, objects: Objects): void {
  writeAt(directory.at(name), objects.get(state.hash ?? ''), state, false)
}
