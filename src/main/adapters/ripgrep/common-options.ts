import { existsSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'

/** Links are not followed, hidden files are seen, git's own files and our temporary ones are not, the user's configuration is not read. */
export const everywhere: readonly string[] = ['--no-config', '--no-follow', '--hidden', '--no-messages', '--no-require-git', '--color=never', '--glob=!.git', '--glob=!.trestle-*.tmp']

/** Ignore files above the folder count only as far as git would look: up to the repository it is in. */
export function ignoreRules(root: string): readonly string[] {
  for (let folder = root; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return []
    if (folder === dirname(folder)) return ['--no-ignore-parent']
  }
}

export function plainPath(path: string): string {
  return path.replaceAll(sep, '/').replace(/^\.\//, '')
}
