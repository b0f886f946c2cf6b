import type { NotCoveredReason } from '#contract/file-changes'
import * as zlib from 'node:zlib'
import type { Database } from './database'
import { type FileNode, type FolderNode, newFolder } from './nodes'

/** What is known of a folder's files is kept over restarts, so that they are looked at and not read again. */
export interface FolderFiles {
  load(root: string): FolderNode | null
  save(root: string, tree: string, folder: FolderNode, now: number): void
  remove(root: string): void
  /** Trees that the kept states build on. */
  trees(): string[]
  roots(): string[]
}

type Saved =
  | readonly ['d', number, string, readonly (readonly [string, Saved])[], number, number]
  | readonly ['f' | 'l' | 'n', number, number, number, number, number, string, NotCoveredReason | null]

const letters = { file: 'f', link: 'l', not_covered: 'n' } as const
const kinds = { f: 'file', l: 'link', n: 'not_covered' } as const

export function createFolderFiles(db: Database): FolderFiles {
  const select = db.prepare<[string], { files: Buffer }>('SELECT files FROM folders WHERE root = ?')
  const upsert = db.prepare('INSERT INTO folders (root, tree, used_at, files) VALUES (?, ?, ?, ?) ON CONFLICT (root) DO UPDATE SET tree = excluded.tree, used_at = excluded.used_at, files = excluded.files')
  const remove = db.prepare<[string]>('DELETE FROM folders WHERE root = ?')
  const trees = db.prepare<[], string>('SELECT tree FROM folders').pluck()
  const roots = db.prepare<[], string>('SELECT root FROM folders').pluck()
  return {
    load: (root) => {
      try {
        const row = select.get(root)
        if (!row) return null
        const folder = toNode(JSON.parse(zlib.inflateRawSync(row.files).toString('utf8')) as Saved)
        return folder.kind === 'directory' ? folder : null
      } catch {
        // It only saves time.
        return null
      }
    },
    save: (root, tree, folder, now) => { upsert.run(root, tree, now, zlib.deflateRawSync(JSON.stringify(toSaved(folder)), { level: 1 })) },
    remove: (root) => { remove.run(root) },
    trees: () => trees.all(),
    roots: () => roots.all(),
  }
}

function toSaved(node: FolderNode | FileNode): Saved {
  if (node.kind !== 'directory') return [letters[node.kind], node.mode, node.size, node.mtimeMs, node.ctimeMs, node.ino, node.hash, node.reason]
  return ['d', node.mode, node.hash ?? '', [...node.entries].map(([name, child]) => [name, toSaved(child)]), node.size, node.files]
}

function toNode(saved: Saved): FolderNode | FileNode {
  if (saved[0] !== 'd') return { kind: kinds[saved[0]], mode: saved[1], size: saved[2], mtimeMs: saved[3], ctimeMs: saved[4], ino: saved[5], hash: saved[6], reason: saved[7] }
  const folder = newFolder()
  folder.mode = saved[1]
  folder.hash = saved[2] === '' ? null : saved[2]
  for (const [name, child] of saved[3]) folder.entries.set(name, toNode(child))
  folder.size = saved[4]
  folder.files = saved[5]
  return folder
}
