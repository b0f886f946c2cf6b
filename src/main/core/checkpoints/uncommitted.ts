import type { Uncommitted } from '#contract/changes'
import type { RestoreResult } from '#contract/checkpoints'
import type { FileDiff, FileState } from '#contract/file-changes'
import type { Session } from '#contract/sessions'
import { AppError } from '../errors'
import type { CommittedFile, GitStatus } from '../ports/git-status'
import { getSession } from '../sessions/publish'
import { type CheckpointServicePorts, fileDiffOf } from './checkpoint-service'
import { toFileChange } from './compare'
import type { Look } from './folder-history'
import { planRestore, type RestoreChoice, type WantedChange } from './restore-plan'
import type { Restore } from './restorer'

const MOST_FILES = 200
const LONGEST = 5 * 1024 * 1024
const MOST_LISTED = 20_000

export interface UncommittedService {
  list(sessionId: string, signal: AbortSignal): Promise<Uncommitted>
  file(sessionId: string, path: string, signal: AbortSignal): Promise<FileDiff>
  /** AppError CONFLICT while a turn works here; FILE_TOO_LARGE for what is not kept. */
  revert(sessionId: string, choice: RestoreChoice & { readonly paths: readonly string[] }, traceId: string): Promise<RestoreResult>
}

const never = new AbortController().signal

/** What differs from the last commit. Git only tells what was; files go back as in every other restore. */
export function createUncommitted(ports: CheckpointServicePorts, git: GitStatus): UncommittedService {
  const { store, history, snapshots, restorer, lines } = ports

  const placeOf = (session: Session) => {
    const workspace = session.workspaceId === null ? null : store.workspaces.get(session.workspaceId)
    if (!workspace) throw new AppError('WORKSPACE_UNAVAILABLE', 'This session has no folder.')
    return workspace
  }
  const trustedPlace = (session: Session) => {
    const workspace = placeOf(session)
    if (!workspace.trusted) throw new AppError('WORKSPACE_UNTRUSTED', 'Git is not asked in a folder that you have not trusted.')
    return workspace
  }
  /** From now to the last commit. */
  const backTo = async (root: string, look: Look, paths: readonly string[], signal: AbortSignal): Promise<WantedChange[]> => {
    const committed = await git.readCommitted(root, paths, LONGEST, signal)
    const wanted: WantedChange[] = []
    for (const path of paths) {
      const file = committed.get(path) ?? null
      if (file === 'too_large') continue
      const [before, after] = [await snapshots.stateAt(look.treeId, path), file && await stateOf(file)]
      if (before?.hash === after?.hash && before?.mode === after?.mode) continue
      wanted.push({ path, before, after })
    }
    return wanted
  }
  const stateOf = async ({ bytes, kind, mode }: CommittedFile): Promise<FileState> => ({ kind, mode, bytes: bytes.length, hash: await snapshots.store(bytes) })
  const restoreOf = async (session: Session, choice: RestoreChoice & { readonly paths: readonly string[] }, signal: AbortSignal): Promise<Restore> => {
    const workspace = trustedPlace(session)
    const look = await history.look(workspace.id)
    const wanted = await backTo(workspace.path, look, choice.paths, signal)
    return {
      sessionId: session.id, workspaceId: workspace.id, checkpoint: null, parts: ['files'], undo: null, label: 'Revert to the last commit',
      plan: planRestore({ wanted, authorsOf: () => [], sessionId: null, choice }), look, conversation: null, prompt: null,
    }
  }
  /** Untracked folders are named as one by git. */
  const filesOf = async (paths: readonly string[], look: Look): Promise<string[]> => {
    const folders = paths.filter((path) => path.endsWith('/')).map((path) => (path === './' ? '' : path))
    const all = folders.length === 0 ? [] : (await snapshots.diff(snapshots.emptyTreeId, look.treeId, MOST_LISTED)).changes
    const inside = all.filter(({ path, after }) => after?.kind !== 'directory' && after?.kind !== 'not_covered' && folders.some((folder) => path.startsWith(folder))).map(({ path }) => path)
    return [...new Set([...paths.filter((path) => !path.endsWith('/')), ...inside])]
  }

  return {
    list: async (sessionId, signal) => {
      const workspace = placeOf(getSession(store, sessionId))
      if (!workspace.trusted) return { state: 'untrusted', branch: null, items: [], truncated: false }
      const report = await git.read(workspace.path, MOST_FILES, signal)
      if (!report) return { state: 'none', branch: null, items: [], truncated: false }
      const look = await history.look(workspace.id)
      const paths = await filesOf(report.items.map(({ path }) => path), look)
      const wanted = await backTo(workspace.path, look, paths.slice(0, MOST_FILES), signal)
      // Told in the direction in which it was changed.
      const forth = wanted.map(({ path, before, after }) => ({ path, before: after, after: before }))
      const described = await lines.describe(forth)
      return {
        state: 'repository', branch: report.branch, truncated: report.truncated || paths.length > MOST_FILES,
        items: forth.map((change, index) => toFileChange(change, described[index], [])),
      }
    },
    file: async (sessionId, path, signal) => fileDiffOf(ports, await restoreOf(getSession(store, sessionId), { paths: [path] }, signal), path),
    revert: async (sessionId, choice, traceId) => {
      const session = getSession(store, sessionId)
      restorer.assertIdle(session)
      return restorer.apply(await restoreOf(session, choice, never), choice, { sessionId, runId: null, traceId })
    },
  }
}
