import type { Stats } from 'node:fs'
import type { NotCoveredReason } from '#contract/file-changes'
import type { SnapshotLimits } from '#core/ports/snapshots'
import { type Directory, type DirectoryName, errnoOf, lstatOrNull } from '../../shared/directory'
import { readLink, type ReadResult, readStable } from '../files/stable-read'
import { createIgnoreRules, ignoreFileNames, type IgnoreRules } from '#core/files/ignore-rules'
import { type FileNode, type FolderNode, joinPath, newFolder, type TreeNode } from './nodes'
import type { Objects } from './objects'
import { hashOf } from './tree-codec'

/** Version control keeps its own history, and its files are not ours to touch. At any depth, as a folder or as a file. */
const neverCovered: ReadonlySet<string> = new Set(['.git', '.hg', '.svn', '.jj'])
/** Files that we make for a moment when we write another one. */
const ownTemporary = /^\.trestle-[0-9a-z-]+\.tmp$/
const IGNORE_FILE_BYTES = 256 * 1024
/** File systems tell times in ticks; a file changed within the tick in which it was read looks unchanged. */
const RACY_MS = 50
/** Between two pauses, so that other requests get their turn. */
const SLICE_MS = 20

export function isOutOfBounds(name: string): boolean {
  return neverCovered.has(name) || ownTemporary.test(name)
}

export interface ScanPorts {
  readonly objects: Objects
  readonly now: () => number
  /** Called before a folder is read, so that nothing that happens afterwards is missed. */
  readonly onFolder: (path: string, directory: Directory) => void
  readonly onScanned: (path: string, folder: FolderNode) => void
  /** A folder that was known is not there any more. */
  readonly onGone: (path: string) => void
}

export interface Scan {
  readonly limits: SnapshotLimits
  /** What was there before something of ours wrote it, while the scan was on its way. Null: nothing was. */
  readonly pinned: Map<string, TreeNode | null>
  /** Whether stats that are the same are believed. */
  readonly trustStats: boolean
  files: number
  sliceEnds: number
  /** Changed while they were read. */
  readonly unstable: string[]
}

export function newScan(limits: SnapshotLimits, files: number, now: number): Scan {
  return { limits, pinned: new Map(), trustStats: true, files, sliceEnds: now + SLICE_MS, unstable: [] }
}

/** Brings a folder's node up to date with the disk, with everything below it. `rules` are its parents'. */
export async function scanFolder(ports: ScanPorts, scan: Scan, directory: Directory, folder: FolderNode, path: string, rules: IgnoreRules | null, rulesChanged: boolean): Promise<void> {
  ports.onFolder(path, directory)
  const names = directory.names()
  const present = new Map<string, TreeNode>()
  const changedRules = refreshRules(directory, folder, path, rules, names.map(({ name }) => name)) || rulesChanged
  const before = folder.entries
  const ignored: string[] = []
  for (const { name, kind } of names) {
    if (isOutOfBounds(name)) continue
    const child = joinPath(path, name)
    const known = before.get(name)
    const believed = known !== undefined && !changedRules && (known.kind === 'directory') === (kind === 'directory')
    if (!believed && folder.rules?.ignores(child, name, kind === 'directory')) {
      ignored.push(name)
      continue
    }
    const pinned = scan.pinned.get(child)
    if (pinned !== undefined) {
      if (pinned) present.set(name, pinned)
      continue
    }
    const node = kind === 'directory'
      ? await scanChildFolder(ports, scan, directory, name, child, known, folder.rules, changedRules)
      : scanName(ports, scan, directory, name, child, known, kind)
    if (node) present.set(name, node)
    if (ports.now() >= scan.sliceEnds) await pause(ports, scan)
  }
  addPinned(scan, path, folder.rules, present)
  if (!sameEntries(before, present) || [...present.values()].some((node) => node.kind === 'directory' && node.hash === null)) folder.hash = null
  for (const [name, node] of before) if (node.kind === 'directory' && present.get(name)?.kind !== 'directory') ports.onGone(joinPath(path, name))
  folder.entries = present
  folder.ignored = ignored
  ports.onScanned(path, folder)
}

export async function scanChildFolder(
  ports: ScanPorts, scan: Scan, parent: Directory, name: string, path: string, known: TreeNode | undefined, rules: IgnoreRules | null, rulesChanged: boolean,
): Promise<TreeNode | null> {
  const stats = lstatOrNull(parent.at(name))
  if (!stats) return null
  if (scan.files >= scan.limits.maxFiles && known?.kind !== 'directory') return notCovered(stats, 'too_many')
  let directory: Directory
  try {
    directory = parent.enter(name)
  } catch (error) {
    const errno = errnoOf(error)
    if (errno === 'ENOENT' || errno === 'ENOTDIR' || errno === 'ELOOP') return scanName(ports, scan, parent, name, path, known)
    return notCovered(stats, 'unreadable')
  }
  try {
    const folder = known?.kind === 'directory' ? known : newFolder()
    // Its mode is in its parent's tree, which is made anew when the hash of one of its folders is missing.
    if (folder.mode !== modeOf(stats)) folder.hash = null
    folder.mode = modeOf(stats)
    folder.ino = stats.ino
    await scanFolder(ports, scan, directory, folder, path, rules, rulesChanged || known?.kind !== 'directory')
    return folder
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null
    if (errnoOf(error) === 'EACCES' || errnoOf(error) === 'EPERM') return notCovered(stats, 'unreadable')
    throw error
  } finally {
    directory.close()
  }
}

/** A name that is no folder, read when it is not known or could have changed. Null when it is gone. `kind`: as its folder lists it. */
export function scanName(
  ports: Pick<ScanPorts, 'objects' | 'now'>, scan: Scan, directory: Directory, name: string, path: string, known: TreeNode | undefined, kind?: DirectoryName['kind'],
): TreeNode | null {
  // A file that is not known is opened at once: what is opened says what it is.
  if (kind === 'file' && !known && scan.files < scan.limits.maxFiles) {
    const read = readStable(directory, name, scan.limits.maxFileBytes, ports.objects.claim)
    if (read.kind === 'content') return keepContent(ports, scan, path, read)
  }
  const stats = lstatOrNull(directory.at(name))
  if (!stats || stats.isDirectory()) return null
  if (scan.trustStats && known && known.kind !== 'directory' && looksTheSame(known, stats, scan.limits)) {
    if (known.kind === 'file') scan.files += 1
    return known
  }
  if (stats.isSymbolicLink()) return readLinkNode(ports, directory, name, stats)
  if (!stats.isFile()) return notCovered(stats, 'special')
  if (stats.size > scan.limits.maxFileBytes) return notCovered(stats, 'too_large')
  if (scan.files >= scan.limits.maxFiles) return notCovered(stats, 'too_many')
  const read = readStable(directory, name, scan.limits.maxFileBytes, ports.objects.claim)
  switch (read.kind) {
    case 'gone':
      return null
    case 'too_large':
      return notCovered(read.stats, 'too_large')
    case 'unreadable':
      return notCovered(read.stats ?? stats, 'unreadable')
    case 'content':
      return keepContent(ports, scan, path, read)
  }
}

function keepContent({ objects, now }: Pick<ScanPorts, 'objects' | 'now'>, scan: Scan, path: string, { bytes, stats, stable }: Extract<ReadResult, { kind: 'content' }>): FileNode {
  const hash = hashOf(bytes)
  objects.put(hash, bytes)
  scan.files += 1
  if (!stable) scan.unstable.push(path)
  return fileNode('file', stats, hash, stable ? now() : 0)
}

function readLinkNode({ objects, now }: Pick<ScanPorts, 'objects' | 'now'>, directory: Directory, name: string, stats: Stats): FileNode | null {
  const target = readLink(directory, name)
  if (!target) return null
  const hash = hashOf(target)
  objects.put(hash, target)
  return fileNode('link', stats, hash, now())
}

function fileNode(kind: 'file' | 'link', stats: Stats, hash: string, readAt: number): FileNode {
  const racy = readAt - stats.ctimeMs < RACY_MS
  return { kind, mode: modeOf(stats), size: stats.size, mtimeMs: stats.mtimeMs, ctimeMs: racy ? -1 : stats.ctimeMs, ino: stats.ino, hash, reason: null }
}

function notCovered(stats: Stats, reason: NotCoveredReason): FileNode {
  return { kind: 'not_covered', mode: modeOf(stats), size: stats.isDirectory() ? 0 : stats.size, mtimeMs: stats.mtimeMs, ctimeMs: stats.ctimeMs, ino: stats.ino, hash: '', reason }
}

function looksTheSame(node: FileNode, stats: Stats, limits: SnapshotLimits): boolean {
  return node.kind !== 'not_covered' && node.size === stats.size && node.mtimeMs === stats.mtimeMs && node.ctimeMs === stats.ctimeMs
    && node.ino === stats.ino && node.mode === modeOf(stats) && stats.size <= limits.maxFileBytes
}

export function modeOf(stats: Stats): number {
  return stats.mode & 0o7777
}

/** True when the rules are other ones than before. */
function refreshRules(directory: Directory, folder: FolderNode, path: string, parent: IgnoreRules | null, names: readonly string[]): boolean {
  const texts = ignoreFileNames.filter((name) => names.includes(name)).flatMap((name) => {
    const read = readStable(directory, name, IGNORE_FILE_BYTES)
    return read.kind === 'content' ? [read.bytes.toString('utf8')] : []
  })
  const text = texts.length === 0 ? null : texts.join('\n')
  const changed = text !== folder.rulesText
  folder.rulesText = text
  // A parent's rules are part of them, and may be new although the text is not.
  folder.rules = createIgnoreRules(parent, path, text)
  return changed
}

/** What has been removed since it was pinned; what was ignored stays out. */
function addPinned(scan: Scan, folder: string, rules: IgnoreRules | null, present: Map<string, TreeNode>): void {
  for (const [path, node] of scan.pinned) {
    const slash = path.lastIndexOf('/')
    const name = path.slice(slash + 1)
    if (!node || (slash < 0 ? '' : path.slice(0, slash)) !== folder || isOutOfBounds(name)) continue
    if (!rules?.ignores(path, name, node.kind === 'directory')) present.set(name, node)
  }
}

function sameEntries(before: Map<string, TreeNode>, after: Map<string, TreeNode>): boolean {
  if (before.size !== after.size) return false
  for (const [name, node] of after) if (!sameNode(before.get(name), node)) return false
  return true
}

/** As far as a tree tells. A folder that is the same node says by its hash whether it changed. */
function sameNode(before: TreeNode | undefined, after: TreeNode): boolean {
  if (before === after) return true
  if (!before || before.kind === 'directory' || after.kind === 'directory') return false
  return before.kind === after.kind && before.hash === after.hash && before.mode === after.mode && before.size === after.size
}

async function pause({ objects, now }: ScanPorts, scan: Scan): Promise<void> {
  await objects.settle()
  await new Promise((resolve) => { setImmediate(resolve) })
  scan.sliceEnds = now() + SLICE_MS
}
