import type { Branch, Checkpoint, RestoreItem } from '#contract/checkpoints'
import type { FileChange } from '#contract/file-changes'

/** Whole values for tests; what a test is about is given, the rest is plain. */

export function aCheckpoint(id: string, over: Partial<Checkpoint> = {}): Checkpoint {
  return {
    id, sessionId: 's1', workspaceId: 'w1', kind: 'after_turn', title: id, at: 0, pinned: false, parentId: null, runId: null, stepId: null,
    callId: null, files: 'kept', treeId: id, conversation: { headId: 'h1', entryId: null }, memoryRevision: null, taskRevision: null, restore: null,
    changes: null, costUsd: null, storedBytes: 0, coverage: { scan: 'watched', scanReason: null, counts: {}, commands: 0 }, ...over,
  }
}

export function aBranch(id: string, over: Partial<Branch> = {}): Branch {
  return {
    id, where: 'scratch', name: id, checkpointId: 'c1', originSessionId: 's1', originHeadId: 'h1', sessionId: 's2', headId: 'h2',
    workspaceId: 'w2', createdAt: 0, broughtHomeAt: null, ...over,
  }
}

export function aChange(path: string, over: Partial<FileChange> = {}): FileChange {
  return { path, change: 'changed', before: null, after: null, lines: { added: 1, removed: 1 }, binary: false, authors: [], ...over }
}

export function aRestoreItem(path: string, over: Partial<RestoreItem> = {}): RestoreItem {
  return { ...aChange(path), action: 'write', conflict: null, damaged: false, ...over }
}
