import type { Coverage, NotCoveredReason } from '#contract/file-changes'
import type { Snapshot, SnapshotLimits } from '#core/ports/snapshots'
import { type Directory, errnoOf, lstatOrNull, openDirectory } from '../../shared/directory'
import { buildTrees } from './build-trees'
import type { FolderFiles } from './folder-files'
import { ignoreFileNames } from '#core/files/ignore-rules'
import { type FolderNode, foldersTo, joinPath, markChanged, nameOf, newFolder, parentOf, type TreeNode } from './nodes'
import type { Objects } from './objects'
import { isOutOfBounds, newScan, type Scan, scanChildFolder, scanFolder, scanName, type ScanPorts } from './scan'
import { createWatcher, type Signs, type Watcher } from './watcher'

const MOST_LISTED = 1000
/** What is known of a large folder takes a while to write, and only saves time. */
const SAVE_AFTER_MS = 1000

/** One folder: what is known of its files, and who tells what changed. */
export interface FolderState {
  take(limits: SnapshotLimits): Promise<Snapshot>
  protect(paths: readonly string[]): Promise<void>
  /** Hashes that must not be believed to be stored any more. */
  invalidate(hashes: ReadonlySet<string>): void
  /** Every content that it believes to be stored. */
  hashes(): Generator<string>
  save(): void
  close(): void
}

export interface FolderPorts {
  readonly objects: Objects
  readonly files: FolderFiles
  readonly signs: Signs | null
  readonly now: () => number
}

interface Gap {
  readonly path: string
  readonly reason: NotCoveredReason
  readonly bytes: number | null
}

export function createFolderState(root: string, ports: FolderPorts): FolderState {
  const loaded = ports.files.load(root)
  let top: FolderNode = loaded ?? newFolder()
  let kind: Coverage['scan'] = loaded ? 'full' : 'first'
  let reason: string | null = loaded ? 'Trestle was started anew' : null
  let watcher: Watcher | null = null
  let limitsBefore: SnapshotLimits | null = null
  let running: Scan | null = null
  let carried = new Set<string>()
  const gaps = new Map<string, readonly Gap[]>()
  const saving = createDelayed(SAVE_AFTER_MS, () => { if (top.hash !== null) ports.files.save(root, top.hash, top, ports.now()) })

  const scanPorts = scanPortsOf(ports, gaps, () => watcher)

  const take = async (limits: SnapshotLimits): Promise<Snapshot> => {
    const scan = newScan(limits, 0, ports.now())
    running = scan
    const { written, losses } = ports.objects
    try {
      const directory = openDirectory(root)
      const looked = await look(directory, scan).finally(directory.close)
      const treeId = buildTrees(ports.objects, top)
      await ports.objects.flush()
      if (ports.objects.losses !== losses) throw Object.assign(new Error('what was read could not be kept'), { code: 'EIO' })
      if (looked.scan !== 'watched') saving.soon()
      kind = 'watched'
      return { treeId, coverage: { ...looked, files: top.files, bytes: top.size, ...listGaps(gaps, scan.unstable) }, storedBytes: ports.objects.written - written }
    } catch (error) {
      // What was read may not have been kept: nothing of it is believed.
      top = newFolder()
      kind = 'first'
      throw error
    } finally {
      running = null
    }
  }

  const look = async (directory: Directory, scan: Scan): Promise<Pick<Coverage, 'scan' | 'scanReason'>> => {
    const ino = lstatOrNull(directory.at('.'))?.ino ?? 0
    const isSame = ino === top.ino && limitsBefore?.maxFileBytes === scan.limits.maxFileBytes && limitsBefore.maxFiles === scan.limits.maxFiles
    const named = kind === 'watched' && watcher && isSame ? await watcher.take() : null
    limitsBefore = scan.limits
    if (named) {
      scan.files = top.files
      const names = new Set([...carried, ...named])
      carried = new Set(scan.pinned.keys())
      await lookAtNames({ ports: scanPorts, scan, directory, top }, names)
      for (const path of scan.pinned.keys()) carried.add(path)
      return { scan: 'watched', scanReason: null }
    }
    if (kind === 'watched') reason = watcher?.trouble ?? 'the folder is not watched'
    const scanned = kind === 'first' ? { scan: kind, scanReason: null } : { scan: 'full' as const, scanReason: reason }
    if (!watcher?.permanent) {
      watcher?.close()
      watcher = ports.signs && createWatcher(root, ports.signs)
    }
    top.ino = ino
    gaps.clear()
    carried = new Set()
    await scanFolder(scanPorts, scan, directory, top, '', null, false)
    carried = new Set(scan.pinned.keys())
    return scanned
  }

  return {
    take,
    protect: async (paths) => {
      if (running) await pinAll(ports, running, root, top, paths)
    },
    invalidate: (hashes) => { invalidate(top, hashes) },
    hashes: () => hashesOf(top),
    save: saving.now,
    close: () => {
      saving.never()
      watcher?.close()
    },
  }
}

function scanPortsOf({ objects, now }: FolderPorts, gaps: Map<string, readonly Gap[]>, watcher: () => Watcher | null): ScanPorts {
  return {
    objects, now,
    onFolder: (path, directory) => watcher()?.add(path, directory),
    onScanned: (path, folder) => { noteGaps(gaps, path, folder) },
    onGone: (path) => {
      watcher()?.drop(path)
      dropGaps(gaps, path)
    },
  }
}

/** Done once after a while, or now. */
function createDelayed(ms: number, work: () => void): { soon(): void; now(): void; never(): void } {
  let timer: NodeJS.Timeout | null = null
  const never = () => {
    if (timer) clearTimeout(timer)
    timer = null
  }
  const now = () => {
    never()
    work()
  }
  return { never, now, soon: () => { timer ??= setTimeout(now, ms) } }
}

interface Look {
  readonly ports: ScanPorts
  readonly scan: Scan
  readonly directory: Directory
  readonly top: FolderNode
}

async function lookAtNames(look: Look, names: ReadonlySet<string>): Promise<void> {
  const done = new Set<string>()
  for (const named of [...names].sort()) {
    const path = nearestUnknown(look.top, ignoreFileNames.includes(nameOf(named)) ? parentOf(named) : named)
    const above = path.split('/').some((_name, index, all) => done.has(all.slice(0, index).join('/')))
    if (done.has(path) || above) continue
    if (await lookAt(look, path)) done.add(path)
  }
}

/** The path itself, or the first folder on the way to it that is not known (yet, or any more). */
function nearestUnknown(top: FolderNode, path: string): string {
  const known = foldersTo(top, parentOf(path)).length - 1
  return path.split('/').slice(0, known + 1).join('/')
}

/** True when it was a folder, which was then looked at with all below. */
async function lookAt({ ports, scan, directory: rootDirectory, top }: Look, path: string): Promise<boolean> {
  if (path === '') {
    await scanFolder(ports, scan, rootDirectory, top, '', null, true)
    return true
  }
  const folderPath = parentOf(path)
  const name = nameOf(path)
  const folder = foldersTo(top, folderPath).at(-1) ?? top
  const directory = enterAll(rootDirectory, folderPath)
  if (!directory) return false
  try {
    const known = folder.entries.get(name)
    const node = await lookAtName({ ports, scan, directory, top }, folder, path, name, known)
    if (node !== known || node?.kind === 'directory') {
      if (node) folder.entries.set(name, node)
      else folder.entries.delete(name)
      markChanged(top, folderPath)
    }
    if (known?.kind === 'directory' && node?.kind !== 'directory') ports.onGone(path)
    ports.onScanned(folderPath, folder)
    return node?.kind === 'directory'
  } finally {
    directory.close()
  }
}

async function lookAtName({ ports, scan, directory }: Look, folder: FolderNode, path: string, name: string, known: TreeNode | undefined): Promise<TreeNode | null> {
  const pinned = scan.pinned.get(path)
  if (pinned !== undefined) return pinned
  const stats = lstatOrNull(directory.at(name))
  folder.ignored = folder.ignored.filter((ignored) => ignored !== name)
  if (!stats) return null
  if (isOutOfBounds(name)) return null
  if (folder.rules?.ignores(path, name, stats.isDirectory())) {
    folder.ignored.push(name)
    return null
  }
  if (stats.isDirectory()) return scanChildFolder(ports, scan, directory, name, path, known, folder.rules, known?.kind !== 'directory')
  return scanName(ports, scan, directory, name, path, known)
}

function enterAll(root: Directory, path: string): Directory | null {
  let directory = root.enter('.')
  for (const name of path === '' ? [] : path.split('/')) {
    const above = directory
    try {
      directory = above.enter(name)
    } catch (error) {
      if (errnoOf(error) === null) throw error
      return null
    } finally {
      above.close()
    }
  }
  return directory
}

async function pinAll(ports: FolderPorts, scan: Scan, root: string, top: FolderNode, paths: readonly string[]): Promise<void> {
  const directory = openDirectory(root)
  try {
    for (const path of paths) await pin(ports, scan, directory, top, path)
  } finally {
    directory.close()
  }
}

/** Keeps what is at a path now for the scan that is on its way; of a path that is missing, that it is. */
async function pin(ports: FolderPorts, scan: Scan, root: Directory, top: FolderNode, path: string): Promise<void> {
  const names = path.split('/')
  for (let depth = 1; depth <= names.length; depth += 1) {
    const at = names.slice(0, depth).join('/')
    if (scan.pinned.has(at)) return
    const directory = enterAll(root, parentOf(at))
    if (!directory) return
    try {
      const stats = lstatOrNull(directory.at(nameOf(at)))
      if (!stats) {
        scan.pinned.set(at, null)
        return
      }
      if (depth < names.length) continue
      const quiet: ScanPorts = { objects: ports.objects, now: ports.now, onFolder: () => undefined, onScanned: () => undefined, onGone: () => undefined }
      const apart = newScan(scan.limits, scan.files, ports.now())
      const known = foldersTo(top, parentOf(at)).at(-1)?.entries.get(nameOf(at))
      const node = stats.isDirectory()
        ? await scanChildFolder(quiet, apart, directory, nameOf(at), at, undefined, null, true)
        : scanName(quiet, apart, directory, nameOf(at), at, known?.kind === 'directory' ? undefined : known)
      scan.pinned.set(at, node)
    } finally {
      directory.close()
    }
  }
}

function noteGaps(gaps: Map<string, readonly Gap[]>, path: string, folder: FolderNode): void {
  const found: Gap[] = folder.ignored.map((name) => ({ path: joinPath(path, name), reason: 'ignored', bytes: null }))
  for (const [name, node] of folder.entries) {
    if (node.kind === 'not_covered') found.push({ path: joinPath(path, name), reason: node.reason ?? 'unreadable', bytes: node.reason === 'too_large' ? node.size : null })
  }
  if (found.length > 0) gaps.set(path, found)
  else gaps.delete(path)
}

function dropGaps(gaps: Map<string, readonly Gap[]>, path: string): void {
  for (const known of gaps.keys()) if (known === path || known.startsWith(`${path}/`)) gaps.delete(known)
}

function listGaps(gaps: ReadonlyMap<string, readonly Gap[]>, unstable: readonly string[]): Pick<Coverage, 'counts' | 'paths'> {
  const counts: Partial<Record<NotCoveredReason, number>> = {}
  const paths: Gap[] = []
  const add = (gap: Gap) => {
    counts[gap.reason] = (counts[gap.reason] ?? 0) + 1
    if (paths.length < MOST_LISTED) paths.push(gap)
  }
  for (const path of unstable) add({ path, reason: 'unstable', bytes: null })
  for (const found of gaps.values()) for (const gap of found) if (gap.reason !== 'ignored') add(gap)
  for (const found of gaps.values()) for (const gap of found) if (gap.reason === 'ignored') add(gap)
  return { counts, paths }
}

function invalidate(folder: FolderNode, hashes: ReadonlySet<string>): boolean {
  let hit = folder.hash !== null && hashes.has(folder.hash)
  for (const [name, node] of folder.entries) {
    if (node.kind === 'directory') hit = invalidate(node, hashes) || hit
    else if (hashes.has(node.hash)) {
      folder.entries.set(name, { ...node, ctimeMs: -1, hash: '' })
      hit = true
    }
  }
  if (hit) folder.hash = null
  return hit
}

function* hashesOf(folder: FolderNode): Generator<string> {
  if (folder.hash !== null) yield folder.hash
  for (const node of folder.entries.values()) {
    if (node.kind === 'directory') yield* hashesOf(node)
    else if (node.hash !== '') yield node.hash
  }
}
