import type { GitMark, GitMarks } from '#contract/files'
import { foldersAbove } from './tree-rows'

export interface MarkLookup {
  readonly of: (path: string, isFolder: boolean) => GitMark | null
}

/** The mark of a file, and for a folder the most telling of what is in it. */
export function createMarkLookup(marks: GitMarks | null): MarkLookup {
  const files = new Map<string, GitMark>()
  const folders = new Map<string, GitMark>()
  const untracked: string[] = []
  for (const { path, mark } of marks?.items ?? []) {
    const isFolder = path.endsWith('/')
    const plain = isFolder ? path.slice(0, -1) : path
    if (isFolder) untracked.push(plain === '.' ? '' : plain)
    files.set(plain, mark)
    for (const folder of foldersAbove(plain)) if (weight(mark) > weight(folders.get(folder) ?? null)) folders.set(folder, mark)
  }
  const all = untracked.includes('')
  const inUntracked = new Set(untracked)
  return {
    of: (path, isFolder) => {
      const own = files.get(path) ?? (isFolder ? folders.get(path) : undefined)
      if (own !== undefined) return own
      return all || foldersAbove(path).some((folder) => inUntracked.has(folder)) ? 'untracked' : null
    },
  }
}

const order: readonly (GitMark | null)[] = [null, 'untracked', 'added', 'renamed', 'modified', 'deleted', 'conflict']
function weight(mark: GitMark | null): number {
  return order.indexOf(mark)
}

export const markWords: Readonly<Record<GitMark, { readonly letter: string; readonly word: string; readonly style: string }>> = {
  modified: { letter: 'M', word: 'modified', style: 'text-warning' },
  added: { letter: 'A', word: 'added', style: 'text-success' },
  deleted: { letter: 'D', word: 'deleted', style: 'text-danger' },
  renamed: { letter: 'R', word: 'renamed', style: 'text-warning' },
  untracked: { letter: 'U', word: 'not in git', style: 'text-success' },
  conflict: { letter: '!', word: 'in conflict', style: 'text-danger' },
}
