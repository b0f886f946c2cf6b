import type { CheckpointDiff, EntryLineSchema, RevisionDiff } from '#contract/checkpoints'
import type { FileChange, FileDiff, FileState } from '#contract/file-changes'
import type { z } from 'zod'
import type { Entry } from '#contract/entries'
import { AppError, assertNever, isAppError, notFound } from '../errors'
import type { Interval, StoredCheckpoint } from '../ports/checkpoint-store'
import type { TreeChange } from '../ports/snapshots'
import { authorsByPath } from './authorship'
import type { FolderHistory } from './folder-history'
import { isFileChange, type LineCounter, sumLines } from './line-counter'
import type { PartScope, RevisionPart } from './parts'
import type { CheckpointPorts } from './ports'
import type { Recorder } from './recorder'
import { hunksBetween, toText } from './text-diff'

const LONGEST_SHOWN = 2 * 1024 * 1024
/** Folders of changed files are among the changes that a state gives. */
const WITH_FOLDERS = 3

export interface Comparer {
  diff(a: string, b: string, limit: number): Promise<CheckpointDiff>
  fileDiff(a: string, b: string, path: string): Promise<FileDiff>
  files(from: string, to: string, intervals: readonly Interval[], limit: number): Promise<CheckpointDiff['files']>
  /** One path of two states, however they are kept. */
  fileBetween(from: string, to: string, intervals: readonly Interval[], path: string): Promise<FileDiff>
  describeFile(change: TreeChange, authors: FileChange['authors']): Promise<FileDiff>
}

interface Side {
  readonly sessionId: string
  readonly workspaceId: string | null
  readonly treeId: string | null
  readonly interval: number
  readonly entryId: string | null
  readonly memoryRevision: number | null
  readonly taskRevision: number | null
}

export function createComparer(ports: CheckpointPorts & { readonly history: FolderHistory; readonly recorder: Recorder; readonly lines: LineCounter }): Comparer {
  const { store, snapshots, history, recorder, lines, parts } = ports

  const now = async (like: StoredCheckpoint): Promise<Side> => {
    const look = like.workspaceId === null || like.treeId === null ? null : await history.look(like.workspaceId)
    const session = store.sessions.get(like.sessionId)
    return {
      sessionId: like.sessionId, workspaceId: like.workspaceId, treeId: look?.treeId ?? null, interval: look?.interval ?? 0,
      entryId: session?.heads.find(({ id }) => id === session.activeHeadId)?.entryId ?? null,
      memoryRevision: parts.memory?.revision(like) ?? null, taskRevision: parts.tasks?.revision(like) ?? null,
    }
  }
  const sideOf = (checkpoint: StoredCheckpoint): Side => ({
    ...checkpoint, treeId: checkpoint.files === 'kept' ? checkpoint.treeId : null, entryId: checkpoint.conversation.entryId,
  })
  const sides = async (a: string, b: string): Promise<readonly [Side, Side]> => {
    if (a === 'now') {
      const right = recorder.get(b)
      return [await now(right), sideOf(right)]
    }
    const left = recorder.get(a)
    return [sideOf(left), b === 'now' ? await now(left) : sideOf(recorder.get(b))]
  }
  const between = (left: Side, right: Side): Interval[] => {
    if (left.workspaceId === null || left.workspaceId !== right.workspaceId) return []
    return store.intervals.listAfter(left.workspaceId, Math.min(left.interval, right.interval), Math.max(left.interval, right.interval))
  }
  const files: Comparer['files'] = async (from, to, intervals, limit) => {
    const { changes, total } = await snapshots.diff(from, to, limit * WITH_FOLDERS)
    const wanted = changes.filter(isFileChange)
    const shown = wanted.slice(0, limit)
    const described = await lines.describe(shown)
    const authors = authorsByPath(intervals)
    const items = shown.map((change, index): FileChange => toFileChange(change, described[index], authors(change.path)))
    return { items, total: total > changes.length ? total : wanted.length, lines: sumLines(described), truncated: total > changes.length || wanted.length > limit, available: true }
  }
  const describeFile: Comparer['describeFile'] = async (change, authors) => {
    const { path, before, after } = change
    const [from, to] = [await contentOf(ports, before), await contentOf(ports, after)]
    const omitted = from.omitted ?? to.omitted
    const hunks = omitted === null ? hunksBetween(from.text ?? '', to.text ?? '') : []
    const counted = { path, lines: omitted === null ? lineCount(hunks) : null, binary: omitted === 'binary' }
    return { ...toFileChange({ path, before, after }, counted, authors), beforeText: from.text, afterText: to.text, hunks, omitted }
  }
  const fileBetween: Comparer['fileBetween'] = async (from, to, intervals, path) => {
    const [before, after] = [await snapshots.stateAt(from, path), await snapshots.stateAt(to, path)]
    if (!before && !after) throw notFound('File', path)
    return describeFile({ path, before, after }, authorsByPath(intervals)(path))
  }

  return {
    files, fileBetween, describeFile,
    diff: async (a, b, limit) => {
      const [left, right] = await sides(a, b)
      return {
        from: a, to: b,
        files: left.treeId === null || right.treeId === null
          ? { items: [], total: 0, lines: { added: 0, removed: 0 }, truncated: false, available: false }
          : await files(left.treeId, right.treeId, between(left, right), limit),
        conversation: compareConversations(ports, left.entryId, right.entryId),
        memory: diffPart(parts.memory, left, left.memoryRevision, right.memoryRevision),
        tasks: diffPart(parts.tasks, left, left.taskRevision, right.taskRevision),
      }
    },
    fileDiff: async (a, b, path) => {
      const [left, right] = await sides(a, b)
      if (left.treeId === null || right.treeId === null) throw new AppError('CHECKPOINT_PRUNED', 'The files of this checkpoint are not kept any more. Its conversation still is.')
      return fileBetween(left.treeId, right.treeId, between(left, right), path)
    },
  }
}

function diffPart(part: RevisionPart | null, scope: PartScope, from: number | null, to: number | null): RevisionDiff | null {
  return part && from !== null && to !== null ? part.diff(scope, from, to) : null
}

function lineCount(hunks: FileDiff['hunks']) {
  const count = (wanted: 'added' | 'removed') => hunks.reduce((sum, hunk) => sum + hunk.lines.filter(({ kind }) => kind === wanted).length, 0)
  return { added: count('added'), removed: count('removed') }
}

export function toFileChange(change: TreeChange, described: Pick<FileChange, 'lines' | 'binary'> | undefined, authors: FileChange['authors']): FileChange {
  return { path: change.path, change: kindOf(change), before: change.before, after: change.after, lines: described?.lines ?? null, binary: described?.binary ?? false, authors }
}

function kindOf({ before, after }: TreeChange): FileChange['change'] {
  if (!before) return 'added'
  if (!after) return 'removed'
  if (before.kind !== after.kind) return 'kind'
  return before.hash === after.hash ? 'mode' : 'changed'
}

async function contentOf({ snapshots }: Pick<CheckpointPorts, 'snapshots'>, state: FileState | null): Promise<{ readonly text: string | null; readonly omitted: FileDiff['omitted'] }> {
  if (!state) return { text: null, omitted: null }
  switch (state.kind) {
    case 'directory':
    case 'not_covered':
      return { text: null, omitted: 'not_covered' }
    case 'file':
    case 'link': {
      if (state.bytes > LONGEST_SHOWN || state.hash === null) return { text: null, omitted: 'too_large' }
      try {
        const bytes = await snapshots.read(state.hash, LONGEST_SHOWN)
        const text = bytes && toText(bytes)
        return { text, omitted: text === null ? 'binary' : null }
      } catch (error) {
        if (isAppError(error) && error.code === 'CONTENT_DAMAGED') return { text: null, omitted: 'damaged' }
        throw error
      }
    }
    default:
      return assertNever(state.kind)
  }
}

const MOST_ENTRIES = 500
type EntryLine = z.infer<typeof EntryLineSchema>

function compareConversations({ store }: Pick<CheckpointPorts, 'store'>, from: string | null, to: string | null): CheckpointDiff['conversation'] {
  const left = from === null ? [] : store.journal.path(from)
  const right = to === null ? [] : store.journal.path(to)
  let common = 0
  while (common < left.length && left[common]?.id === right[common]?.id) common += 1
  return {
    commonEntryId: left[common - 1]?.id ?? null,
    onlyFrom: left.slice(common).slice(0, MOST_ENTRIES).map(entryLine),
    onlyTo: right.slice(common).slice(0, MOST_ENTRIES).map(entryLine),
  }
}

function entryLine({ id, at, payload }: Entry): EntryLine {
  const text = 'text' in payload ? payload.text : 'content' in payload ? payload.content : ''
  return { entryId: id, kind: payload.kind, at, text: text.slice(0, 300) }
}
