import type { FileContent } from '#contract/files'

/** What is on disk, as it was last read. */
export interface DiskText {
  /** Without a byte order mark. */
  readonly text: string
  readonly hash: string
}

export type DocumentView =
  | { readonly kind: 'loading' }
  | { readonly kind: 'text' }
  | { readonly kind: 'image'; readonly mime: string; readonly base64: string; readonly bytes: number }
  | { readonly kind: 'binary' | 'too_large'; readonly bytes: number }
  | { readonly kind: 'failed'; readonly error: unknown }

/** One open file, as the window shows it. Its text lives beside it: it changes with every key. */
export interface OpenDocument {
  readonly key: string
  readonly workspaceId: string
  readonly path: string
  readonly view: DocumentView
  readonly isDirty: boolean
  readonly isSaving: boolean
  /** Why saving did not work, or the unsaved text could not be kept. */
  readonly problem: unknown
  /** What is on disk now, where it is not what the unsaved text was made from. */
  readonly conflict: DiskText | null
  /** Not on disk any more. */
  readonly isDeleted: boolean
  /** Rises when the text was replaced from outside the editor. */
  readonly revision: number
}

export function keyOf(workspaceId: string, path: string): string {
  return `${workspaceId}:${path}`
}

export function newDocument(workspaceId: string, path: string): OpenDocument {
  return {
    key: keyOf(workspaceId, path), workspaceId, path, view: { kind: 'loading' }, isDirty: false, isSaving: false, problem: null,
    conflict: null, isDeleted: false, revision: 0,
  }
}

const bomSign = '\uFEFF'

export function splitBom(text: string): { readonly bom: string; readonly text: string } {
  return text.startsWith(bomSign) ? { bom: bomSign, text: text.slice(1) } : { bom: '', text }
}

export function viewOf(content: FileContent): DocumentView {
  switch (content.kind) {
    case 'text': return { kind: 'text' }
    case 'image': return { kind: 'image', mime: content.mime, base64: content.base64, bytes: content.bytes }
    case 'binary':
    case 'too_large': return { kind: content.kind, bytes: content.bytes }
  }
}

/** What becomes of an open text when the disk has another one. */
export type Arrival = 'same' | 'take' | 'conflict' | 'settled'

/** `settled`: what is on disk is what was typed; nothing is unsaved any more. */
export function judgeArrival({ base, disk, current, isDirty }: { readonly base: string | null; readonly disk: DiskText; readonly current: string; readonly isDirty: boolean }): Arrival {
  if (disk.hash === base) return 'same'
  if (!isDirty) return 'take'
  return disk.text === current ? 'settled' : 'conflict'
}
