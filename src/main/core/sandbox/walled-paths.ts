import { isProtectedPath } from '../tools/protected-paths'

/** What decides, inside a git folder, which programs git runs. The rest of it is what commits are made of. */
const walledInGit: ReadonlySet<string> = new Set(['hooks', 'config', 'config.worktree', 'commondir', 'gitdir'])

/**
 * Whether a confined command may not change this path: what `isProtectedPath` says, but inside `.git` only what git would run
 * something for, so that commits can be made. `path` is relative to the workspace.
 */
export function isWalledPath(path: string): boolean {
  const names = path.split('/')
  const git = names.findIndex((name) => name.toLowerCase() === '.git')
  if (git === -1) return isProtectedPath(path)
  return names.slice(0, git).some((name) => isProtectedPath(name)) || names.slice(git + 1).some((name) => walledInGit.has(name.toLowerCase()))
}
