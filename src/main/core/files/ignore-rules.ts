import { compileGlob, compileName } from './glob'

/**
 * The rules of .gitignore files. A folder's rules come after its parents'; the last pattern that fits decides. What is
 * in an ignored folder is ignored, whatever other patterns say: nobody looks there.
 */
export interface IgnoreRules {
  /** `path` is relative to the root of the workspace. */
  ignores(path: string, name: string, isFolder: boolean): boolean
}

interface Pattern {
  readonly negated: boolean
  readonly folderOnly: boolean
  /** Against the path below the folder of the rules, or only the name. */
  readonly onPath: boolean
  readonly fits: (name: string, names: readonly string[]) => boolean
}

export const ignoreFileNames: readonly string[] = ['.gitignore', '.trestleignore']

/** A file of megabytes would be an attack, not rules. */
const MOST_TEXT = 256 * 1024
const LONGEST_PATTERN = 1024

/** `text` is that of the folder's ignore files, one after the other; null when it has none. */
export function createIgnoreRules(parent: IgnoreRules | null, folder: string, text: string | null): IgnoreRules | null {
  const newestFirst = text === null ? [] : parse(text.slice(0, MOST_TEXT)).reverse()
  if (newestFirst.length === 0) return parent
  const hasPaths = newestFirst.some(({ onPath }) => onPath)
  const below = folder === '' ? 0 : folder.length + 1
  return {
    ignores: (path, name, isFolder) => {
      const names = hasPaths ? path.slice(below).split('/') : []
      const decides = newestFirst.find(({ folderOnly, fits }) => (isFolder || !folderOnly) && fits(name, names))
      return decides ? !decides.negated : (parent?.ignores(path, name, isFolder) ?? false)
    },
  }
}

function parse(text: string): Pattern[] {
  return text.split('\n').flatMap((line) => {
    const pattern = line.length > LONGEST_PATTERN ? null : parseLine(line.endsWith('\r') ? line.slice(0, -1) : line)
    return pattern ? [pattern] : []
  })
}

function parseLine(line: string): Pattern | null {
  let glob = withoutTrailingSpaces(line)
  if (glob === '' || glob.startsWith('#')) return null
  const negated = glob.startsWith('!')
  if (negated) glob = glob.slice(1)
  const folderOnly = glob.endsWith('/')
  if (folderOnly) glob = glob.slice(0, -1)
  if (glob === '') return null
  if (!glob.includes('/')) {
    const matches = compileName(glob)
    return { negated, folderOnly, onPath: false, fits: (name) => matches(name) }
  }
  const matches = compileGlob(glob.startsWith('/') ? glob.slice(1) : glob)
  return { negated, folderOnly, onPath: true, fits: (_name, names) => matches(names) }
}

/** Unless a backslash keeps them. */
function withoutTrailingSpaces(line: string): string {
  let end = line.length
  while (end > 0 && line[end - 1] === ' ' && line[end - 2] !== '\\') end -= 1
  return line.slice(0, end)
}
