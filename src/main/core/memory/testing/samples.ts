import type { MemoryHit, MemoryItem } from '#contract/memory'

export const anItem = (id: string, text: string, rest: Partial<MemoryItem> = {}): MemoryItem => ({
  id, kind: 'fragment', title: '', text, solution: null, statements: [], tags: [], scope: 'user', workspaceId: null, sessionId: null, importance: 0.5, sensitivity: 'normal', trust: 'person',
  expiresAt: null, pinned: false, archived: false, forgottenAt: null, source: { by: 'person', sessionId: null, runId: null, entryId: null, path: null }, lastUsedAt: null, useCount: 0, createdAt: 1, updatedAt: 1, revision: 1, ...rest,
})

export const aHit = (item: MemoryItem, score: number | null): MemoryHit => ({ item, score, why: null, snippet: [] })
