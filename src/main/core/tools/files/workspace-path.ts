import { z } from 'zod'
import { AppError, isAppError } from '../../errors'
import type { ResolvedPath, WorkspaceFolder } from '../../ports/workspace-files'
import type { Reconciliation } from '../tool'

export const PathSchema = z.string().min(1).max(4_096)

/** For people and rules: the workspace folder itself is a dot. */
export function shownPath(path: string): string {
  return path === '' ? '.' : path
}

/** The real path of a file that is there. */
export async function resolveFile(folder: WorkspaceFolder, path: string): Promise<string> {
  const resolved = await folder.resolve(path)
  if (resolved.kind === 'missing') throw new AppError('RESOURCE_NOT_FOUND', `${resolved.path} not found. Use list_files or glob to see what is there`)
  if (resolved.kind === 'directory') throw new AppError('INVALID_PARAMETERS', `${shownPath(resolved.path)} is a folder. Use list_files to see what is in it`)
  return resolved.path
}

/** As `resolve`, but a link at the end of the path stands for itself, as moving and deleting take it. */
export async function resolveEntry(folder: WorkspaceFolder, path: string): Promise<ResolvedPath> {
  const target = await folder.resolve(path)
  const trimmed = path.replace(/\/+$/, '')
  const slash = trimmed.lastIndexOf('/')
  const name = trimmed.slice(slash + 1)
  if (target.path === '' || name === '' || name === '.' || name === '..') return target
  const parent = await folder.resolve(slash === -1 ? '.' : trimmed.slice(0, slash + 1))
  return { path: parent.path === '' ? name : `${parent.path}/${name}`, kind: target.kind }
}

/**
 * An approval is for a real path. Throws when that path has become a link, or leads through one, since it was
 * resolved: the same spelling would then change something else.
 */
export async function checkStillThere(folder: WorkspaceFolder, path: string): Promise<void> {
  if ((await resolveEntry(folder, path)).path !== path) throw new AppError('FILE_CHANGED', `${path} leads elsewhere since it was looked at; nothing was changed`)
}

/** As `checkStillThere`, for a file that is written: it must not have become a link itself either. */
export async function checkStillFile(folder: WorkspaceFolder, path: string): Promise<void> {
  if ((await folder.resolve(path)).path !== path) throw new AppError('FILE_CHANGED', `${path} leads elsewhere since it was looked at; nothing was written`)
}

/** The hash of what is at a path, or undefined where that cannot be found out. */
export async function hashIfKnown(folder: WorkspaceFolder, path: string): Promise<string | null | undefined> {
  try {
    return await folder.hash(path)
  } catch (error) {
    if (isAppError(error)) return error.code === 'RESOURCE_NOT_FOUND' ? null : undefined
    throw error
  }
}

/** What is recorded before a file gets new text. `beforeHash` is null for a new file. */
export const TextChangeSchema = z.object({ path: z.string(), beforeHash: z.string().nullable(), afterHash: z.string() })

/** Whether a file has got its new text. */
export async function judgeTextChange(change: z.output<typeof TextChangeSchema>, folder: WorkspaceFolder): Promise<Reconciliation> {
  const hash = await hashIfKnown(folder, change.path)
  if (hash === change.afterHash) return 'done'
  return hash === change.beforeHash ? 'not_done' : 'unknown'
}

export function count(amount: number, one: string, many = `${one}s`): string {
  return `${amount} ${amount === 1 ? one : many}`
}
