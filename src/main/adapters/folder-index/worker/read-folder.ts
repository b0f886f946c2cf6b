import { closeSync, constants, fstatSync, openSync, readlinkSync, readSync, realpathSync } from 'node:fs'
import { createIgnoreRules, ignoreFileNames } from '#core/files/ignore-rules'
import { type Directory, errnoOf, openDirectory } from '../../shared/directory'
import { type FolderNode, joinPath, newFolder, type TreeNode } from './nodes'

/** Git's own folder, and our temporary files. */
const hidden = /^(\.git|\.trestle-[0-9a-f]{16}\.tmp)$/
const IGNORE_FILE_BYTES = 256 * 1024
const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/** The folder is not there any more, or something else is in its place. */
export class RootGone extends Error {
  readonly code = 'ENOENT'
}

/** Goes down name by name through open handles and never through a link. */
export function withFolder<T>(root: string, path: string, work: (directory: Directory) => T): T {
  const opened = [openRoot(root)]
  try {
    for (const name of path === '' ? [] : path.split('/')) opened.push(opened[opened.length - 1]!.enter(name))
    return work(opened[opened.length - 1]!)
  } finally {
    for (const directory of opened) directory.close()
  }
}

function openRoot(root: string): Directory {
  let directory: Directory
  try {
    directory = openDirectory(root)
  } catch (error) {
    throw errnoOf(error) === null ? error : new RootGone(errnoOf(error) ?? '')
  }
  const self = directory.self
  const real = typeof self === 'string' && self.startsWith('/proc/') ? readlinkSync(self) : realpathSync(root)
  if (real === root) return directory
  directory.close()
  throw new RootGone('something else is where the folder was')
}

export interface ReadResult {
  /** Since it was read before: names came or went, or are of another kind, or ignored or not any more. */
  readonly changed: boolean
  /** Folders that have not been read yet. */
  readonly fresh: readonly FolderNode[]
  /** Folders that are gone. */
  readonly gone: readonly FolderNode[]
  /** Its own rules are other ones: what is below it has to be judged again. */
  readonly rulesChanged: boolean
}

/** Brings a folder's entries up to date; folders that stay keep what is known of them. */
export function readFolder(directory: Directory, folder: FolderNode, parent: FolderNode | null): ReadResult {
  const names = directory.names()
  const text = ignoreText(directory, names.map(({ name }) => name))
  const rulesChanged = folder.entries !== null && text !== folder.rulesText
  folder.rulesText = text
  folder.rules = folder.ignored ? null : createIgnoreRules(parent?.rules ?? null, folder.path, text)
  const before = folder.entries
  const entries = new Map<string, TreeNode>()
  const fresh: FolderNode[] = []
  let changed = false
  for (const { name, kind } of names) {
    if (hidden.test(name)) continue
    const path = joinPath(folder.path, name)
    const isFolder = kind === 'directory'
    const ignored = folder.ignored || (folder.rules?.ignores(path, name, isFolder) ?? false)
    const shown = isFolder ? 'folder' : kind === 'special' ? 'other' : kind
    const known = before?.get(name)
    if (known && known.kind === shown && known.ignored === ignored) {
      entries.set(name, known)
      continue
    }
    changed = true
    const node: TreeNode = shown === 'folder' ? newFolder(path, ignored) : { kind: shown, ignored }
    if (node.kind === 'folder') fresh.push(node)
    entries.set(name, node)
  }
  const gone: FolderNode[] = []
  for (const [name, node] of before ?? []) {
    if (entries.get(name) === node) continue
    changed = true
    if (node.kind === 'folder') gone.push(node)
  }
  folder.entries = entries
  return { changed, fresh, gone, rulesChanged }
}

function ignoreText(directory: Directory, names: readonly string[]): string | null {
  const texts = ignoreFileNames.filter((name) => names.includes(name)).map((name) => readStart(directory, name))
  return texts.length === 0 ? null : texts.join('\n')
}

/** Never waits, and reads no more than rules can be. */
function readStart(directory: Directory, name: string): string {
  let handle: number
  try {
    handle = openSync(directory.at(name), READ)
  } catch {
    return ''
  }
  try {
    if (!fstatSync(handle).isFile()) return ''
    const buffer = Buffer.alloc(IGNORE_FILE_BYTES)
    return buffer.toString('utf8', 0, readSync(handle, buffer, 0, IGNORE_FILE_BYTES, 0))
  } catch {
    return ''
  } finally {
    closeSync(handle)
  }
}
