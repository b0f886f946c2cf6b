import { type Dirent, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { isWalledPath } from '#core/sandbox/walled-paths'

/** Deeper or wider than this a folder is not looked at. */
const MOST_FOLDERS = 3000
const FOLDERS_PER_TURN = 100
const notEntered: ReadonlySet<string> = new Set(['node_modules', 'objects', '.venv', 'target'])

export interface Walls {
  /** What is there and may not be changed: relative paths, parents before children, none below another. No links. */
  readonly present: readonly string[]
  /** What a command must not bring into being, as it is now: everything of `present`, links, and what makes a folder a repository. */
  readonly marks: ReadonlyMap<string, string>
  /** Git folders without hooks, where a missing `hooks` is to be held. */
  readonly gitFolders: readonly string[]
}

/** Looks at what is protected in a folder, nearest to its root first. No link is followed. What cannot be read is not there. */
export async function scanWalls(root: string): Promise<Walls> {
  const present: string[] = []
  const gitFolders: string[] = []
  const marks = new Map<string, string>()
  const queue: string[] = ['']
  for (let looked = 0; looked < queue.length && looked < MOST_FOLDERS; looked++) {
    if (looked % FOLDERS_PER_TURN === FOLDERS_PER_TURN - 1) await turn()
    const folder = queue[looked] ?? ''
    const entries = namesIn(join(root, folder))
    const isGit = folder === '.git' || folder.endsWith('/.git')
    if (isGit) gitFolders.push(folder)
    if (!isGit && looksBare(entries)) noteBare(folder, entries, present, marks)
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      const git = entry.name === '.git' && entry.isDirectory()
      if (!git && isWalledPath(path)) {
        marks.set(path, entry.isSymbolicLink() ? `link ${identity(join(root, path))}` : 'present')
        if (entry.isFile() || entry.isDirectory()) present.push(path)
      } else if (entry.isDirectory() && !notEntered.has(entry.name)) {
        if (git) marks.set(path, 'present')
        queue.push(path)
      }
    }
  }
  return { present, marks, gitFolders: gitFolders.filter((folder) => !present.includes(`${folder}/hooks`)) }
}

/** What was brought into being, nearest to the root first, none below another. */
export function madeSince(before: Walls, after: Walls): string[] {
  const made: string[] = []
  for (const [path, mark] of after.marks) {
    if (before.marks.get(path) === mark || made.some((above) => path.startsWith(`${above}/`))) continue
    made.push(path)
  }
  return made
}

/** A repository without a work tree: git takes its configuration from the folder itself. */
function looksBare(entries: readonly Dirent[]): boolean {
  return ['HEAD', 'objects', 'refs'].every((name) => entries.some((entry) => entry.name === name))
}

function noteBare(folder: string, entries: readonly Dirent[], present: string[], marks: Map<string, string>): void {
  const at = (name: string) => (folder === '' ? name : `${folder}/${name}`)
  marks.set(at('HEAD'), 'present')
  for (const entry of entries) {
    if (!['config', 'hooks'].includes(entry.name)) continue
    marks.set(at(entry.name), 'present')
    if (!entry.isSymbolicLink()) present.push(at(entry.name))
  }
}

function namesIn(path: string): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true })
  } catch {
    return []
  }
}

function identity(path: string): string {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  return stats ? `${stats.ino} ${stats.ctimeMs}` : ''
}
