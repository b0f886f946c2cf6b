import type { FileContent, FolderChange } from '#contract/files'
import type { Client } from '../../lib/client'
import { errorBodyOf } from '../../lib/error-message'
import { createStore, type ReadableStore } from '../../lib/external-store'
import { isInside } from '../../lib/file-path'
import type { TextDrafts } from '../../lib/text-drafts'
import { type DiskText, judgeArrival, keyOf, newDocument, type OpenDocument, splitBom, viewOf } from './document'

/** The open files of the window, by key. Nothing that was typed is lost: it is kept as a draft until it is saved or given up. */
export interface Documents {
  readonly all: ReadableStore<ReadonlyMap<string, OpenDocument>>
  /** Loads it when it is not open; resolves when it is shown. */
  open(workspaceId: string, path: string): Promise<void>
  /** Forgets it, with what was not saved. */
  close(key: string): void
  /** The text now; for the editor when it first shows the document. */
  textOf(key: string): string
  /** Called with every change that a person makes; `read` gives the whole text. */
  edited(key: string, read: () => string): void
  save(key: string): Promise<boolean>
  takeTheirs(key: string): void
  /** What is typed is to replace what is on disk; it is not saved yet. */
  keepMine(key: string): void
  move(workspaceId: string, from: string, to: string): void
  onFolderChange(workspaceId: string, change: FolderChange): void
  /** Puts what waits into the drafts now. */
  flush(): void
}

/** What belongs to an open document and is not shown. */
interface Buffer {
  base: DiskText | null
  bom: string
  read: () => string
  timer: (() => void) | null
  loading: Promise<void> | null
  again: boolean
}

const draftAfterMs = 250
/** A call carries no more than this, escapes included. */
const mostSavedChars = 7_500_000

export function createDocuments({ client, drafts, after, now }: {
  readonly client: Pick<Client, 'files'>
  readonly drafts: TextDrafts
  readonly after: (ms: number, callback: () => void) => () => void
  readonly now: () => number
}): Documents {
  const all = createStore<ReadonlyMap<string, OpenDocument>>(new Map())
  const buffers = new Map<string, Buffer>()
  const patch = (key: string, change: Partial<OpenDocument>): void => {
    const document = all.get().get(key)
    if (document) all.set(new Map(all.get()).set(key, { ...document, ...change }))
  }
  /** Replaces what the editor shows. */
  const replace = (key: string, text: string, change: Partial<OpenDocument>): void => {
    const [buffer, document] = [buffers.get(key), all.get().get(key)]
    if (!buffer || !document) return
    buffer.read = () => text
    patch(key, { ...change, revision: document.revision + 1 })
  }
  const keepDraft = async (key: string): Promise<void> => {
    const [buffer, document] = [buffers.get(key), all.get().get(key)]
    buffer?.timer?.()
    if (!buffer || !document) return
    buffer.timer = null
    const text = buffer.read()
    if (text === buffer.base?.text && document.conflict === null && !document.isDeleted) {
      patch(key, { isDirty: false })
      return drafts.remove(key)
    }
    const { workspaceId, path } = document
    const kept = await drafts.put({ key, workspaceId, path, text, baseHash: buffer.base?.hash ?? null, at: now() })
    if (!kept) patch(key, { problem: 'What you typed here could not be kept on this machine: save it before you close the window.' })
  }
  const settle = (key: string, disk: DiskText): void => {
    const buffer = buffers.get(key)
    if (!buffer) return
    buffer.base = disk
    buffer.timer?.()
    buffer.timer = null
    void drafts.remove(key)
    patch(key, { isDirty: false, conflict: null, isDeleted: false, problem: null })
  }
  const arrive = (key: string, content: FileContent): void => {
    const [buffer, document] = [buffers.get(key), all.get().get(key)]
    if (!buffer || !document) return
    if (content.kind !== 'text') {
      if (!document.isDirty) patch(key, { view: viewOf(content), isDeleted: false, problem: null })
      return
    }
    const { bom, text } = splitBom(content.text)
    const disk = { text, hash: content.hash }
    const shown = { view: viewOf(content), isDeleted: false } as const
    switch (judgeArrival({ base: buffer.base?.hash ?? null, disk, current: buffer.read(), isDirty: document.isDirty })) {
      case 'same':
        buffer.base = disk
        return patch(key, { ...shown, conflict: null })
      case 'take':
        buffer.base = disk
        buffer.bom = bom
        return replace(key, text, { ...shown, conflict: null, problem: null })
      case 'settled':
        patch(key, shown)
        return settle(key, disk)
      case 'conflict': return patch(key, { ...shown, conflict: disk })
    }
  }
  const fetchOnce = async (key: string): Promise<void> => {
    const document = all.get().get(key)
    if (!document) return
    try {
      arrive(key, await client.files.read({ id: document.workspaceId, path: document.path }))
    } catch (error) {
      const shown = all.get().get(key)
      const code = errorBodyOf(error)?.code
      // Without the folder or the server nothing is known of the file: what is shown stays.
      if (code === 'RESOURCE_NOT_FOUND' && shown?.view.kind !== 'loading' && shown?.view.kind !== 'failed') patch(key, { isDeleted: true, conflict: null })
      else if (shown?.view.kind === 'loading' || shown?.view.kind === 'failed') patch(key, { view: { kind: 'failed', error } })
    }
  }
  /** One at a time per document; what changes meanwhile is read once more. */
  const load = (key: string): Promise<void> => {
    const buffer = buffers.get(key)
    if (!buffer) return Promise.resolve()
    buffer.again = true
    buffer.loading ??= (async () => {
      while (buffer.again) {
        buffer.again = false
        await fetchOnce(key)
      }
    })().finally(() => { buffer.loading = null })
    return buffer.loading
  }
  const open = async (workspaceId: string, path: string): Promise<void> => {
    const key = keyOf(workspaceId, path)
    if (buffers.has(key)) return
    buffers.set(key, { base: null, bom: '', read: () => '', timer: null, loading: null, again: false })
    all.set(new Map(all.get()).set(key, newDocument(workspaceId, path)))
    const draft = await drafts.get(key)
    const buffer = buffers.get(key)
    if (draft && buffer) {
      // As it was left: what the disk has now is compared with what the text was made from.
      buffer.read = () => draft.text
      // Its text is not known before the file was read: one that nothing typed can be equal to.
      buffer.base = draft.baseHash === null ? null : { text: `${draft.text}\0`, hash: draft.baseHash }
      patch(key, { isDirty: true, view: { kind: 'text' } })
    }
    await load(key)
  }
  const save = async (key: string): Promise<boolean> => {
    const [buffer, document] = [buffers.get(key), all.get().get(key)]
    if (!buffer || !document || document.isSaving || document.view.kind !== 'text') return false
    if (document.conflict !== null) {
      patch(key, { problem: 'The file was changed on disk. Choose what to keep first.' })
      return false
    }
    const text = buffer.read()
    if (text.length > mostSavedChars / 2 && JSON.stringify(text).length > mostSavedChars) {
      patch(key, { problem: 'The text is too large to be saved here. It is kept; save it in parts.' })
      return false
    }
    patch(key, { isSaving: true, problem: null })
    try {
      const { hash } = await client.files.write({ id: document.workspaceId, path: document.path, text: buffer.bom + text, expectedHash: document.isDeleted ? null : (buffer.base?.hash ?? null) })
      buffer.base = { text, hash }
      patch(key, { isSaving: false, isDeleted: false })
      if (buffer.read() === text) settle(key, { text, hash })
      return true
    } catch (error) {
      patch(key, { isSaving: false, problem: error })
      if (errorBodyOf(error)?.code === 'FILE_CHANGED') {
        patch(key, { problem: null })
        await load(key)
      }
      return false
    }
  }

  return {
    all, open, save,
    close: (key) => {
      buffers.get(key)?.timer?.()
      buffers.delete(key)
      void drafts.remove(key)
      const left = new Map(all.get())
      left.delete(key)
      all.set(left)
    },
    textOf: (key) => buffers.get(key)?.read() ?? '',
    edited: (key, read) => {
      const buffer = buffers.get(key)
      if (!buffer) return
      buffer.read = read
      if (all.get().get(key)?.isDirty === false) patch(key, { isDirty: true })
      buffer.timer ??= after(draftAfterMs, () => void keepDraft(key))
    },
    takeTheirs: (key) => {
      const conflict = all.get().get(key)?.conflict
      if (!conflict) return
      replace(key, conflict.text, {})
      settle(key, conflict)
    },
    keepMine: (key) => {
      const [buffer, conflict] = [buffers.get(key), all.get().get(key)?.conflict]
      if (!buffer || !conflict) return
      buffer.base = conflict
      patch(key, { conflict: null, problem: null })
      void keepDraft(key)
    },
    move: (workspaceId, from, to) => {
      for (const [key, document] of all.get()) {
        if (document.workspaceId !== workspaceId || !isInside(document.path, from)) continue
        const path = to + document.path.slice(from.length)
        const buffer = buffers.get(key)
        const next = new Map(all.get())
        next.delete(key)
        buffers.delete(key)
        if (buffer) buffers.set(keyOf(workspaceId, path), buffer)
        all.set(next.set(keyOf(workspaceId, path), { ...document, key: keyOf(workspaceId, path), path }))
        if (document.isDirty) void drafts.remove(key).then(() => keepDraft(keyOf(workspaceId, path)))
      }
    },
    onFolderChange: (workspaceId, change) => {
      if (!change.available) return
      for (const [key, document] of all.get()) {
        if (document.workspaceId !== workspaceId) continue
        const touched = change.reset || change.files.includes(document.path) || change.folders.some((folder) => isInside(document.path, folder))
        if (touched) void load(key)
      }
    },
    flush: () => {
      for (const [key, { timer }] of buffers) if (timer !== null) void keepDraft(key)
    },
  }
}
