import type { FileContent, FolderChange } from '#contract/files'
import type { Client } from '../../lib/client'
import { errorBodyOf } from '../../lib/error-message'
import { createStore, type ReadableStore, type WritableStore } from '../../lib/external-store'
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
  /** The editor that `read` asks is gone; this is what it had at last. */
  released(key: string, read: () => string, text: string): void
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

/** What the parts of the documents share. */
interface Shelf {
  readonly all: WritableStore<ReadonlyMap<string, OpenDocument>>
  readonly buffers: Map<string, Buffer>
  readonly client: Pick<Client, 'files'>
  readonly drafts: TextDrafts
  readonly now: () => number
}

function patch({ all }: Shelf, key: string, change: Partial<OpenDocument>): void {
  const document = all.get().get(key)
  if (document) all.set(new Map(all.get()).set(key, { ...document, ...change }))
}

/** Replaces what the editor shows. */
function replace(shelf: Shelf, key: string, text: string, change: Partial<OpenDocument>): void {
  const [buffer, document] = [shelf.buffers.get(key), shelf.all.get().get(key)]
  if (!buffer || !document) return
  buffer.read = () => text
  patch(shelf, key, { ...change, revision: document.revision + 1 })
}

async function keepDraft(shelf: Shelf, key: string): Promise<void> {
  const [buffer, document] = [shelf.buffers.get(key), shelf.all.get().get(key)]
  buffer?.timer?.()
  if (!buffer || !document) return
  buffer.timer = null
  const text = buffer.read()
  if (text === buffer.base?.text && document.conflict === null && !document.isDeleted) {
    patch(shelf, key, { isDirty: false })
    return shelf.drafts.remove(key)
  }
  const { workspaceId, path } = document
  const kept = await shelf.drafts.put({ key, workspaceId, path, text, baseHash: buffer.base?.hash ?? null, at: shelf.now() })
  if (!kept) patch(shelf, key, { problem: 'What you typed here could not be kept on this machine: save it before you close the window.' })
}

/** What is on disk is what is shown. */
function settle(shelf: Shelf, key: string, disk: DiskText): void {
  const buffer = shelf.buffers.get(key)
  if (!buffer) return
  buffer.base = disk
  buffer.timer?.()
  buffer.timer = null
  void shelf.drafts.remove(key)
  patch(shelf, key, { isDirty: false, conflict: null, isDeleted: false, problem: null })
}

function arrive(shelf: Shelf, key: string, content: FileContent): void {
  const [buffer, document] = [shelf.buffers.get(key), shelf.all.get().get(key)]
  if (!buffer || !document) return
  if (content.kind !== 'text') {
    if (!document.isDirty) patch(shelf, key, { view: viewOf(content), isDeleted: false, problem: null })
    return
  }
  const { bom, text } = splitBom(content.text)
  const disk = { text, hash: content.hash }
  const shown = { view: viewOf(content), isDeleted: false } as const
  switch (judgeArrival({ base: buffer.base?.hash ?? null, disk, current: buffer.read(), isDirty: document.isDirty })) {
    case 'same':
      buffer.base = disk
      buffer.bom = bom
      return patch(shelf, key, { ...shown, conflict: null })
    case 'take':
      buffer.base = disk
      buffer.bom = bom
      return replace(shelf, key, text, { ...shown, conflict: null, problem: null })
    case 'settled':
      patch(shelf, key, shown)
      return settle(shelf, key, disk)
    case 'conflict': return patch(shelf, key, { ...shown, conflict: disk })
  }
}

async function fetchOnce(shelf: Shelf, key: string): Promise<void> {
  const document = shelf.all.get().get(key)
  if (!document) return
  try {
    arrive(shelf, key, await shelf.client.files.read({ id: document.workspaceId, path: document.path }))
  } catch (error) {
    const kind = shelf.all.get().get(key)?.view.kind
    const isShown = kind !== undefined && kind !== 'loading' && kind !== 'failed'
    if (!isShown) patch(shelf, key, { view: { kind: 'failed', error } })
    // Without the folder or the server nothing is known of the file: what is shown stays.
    else if (errorBodyOf(error)?.code === 'RESOURCE_NOT_FOUND') patch(shelf, key, { isDeleted: true, conflict: null })
  }
}

/** One at a time per document; what changes meanwhile is read once more. */
function load(shelf: Shelf, key: string): Promise<void> {
  const buffer = shelf.buffers.get(key)
  if (!buffer) return Promise.resolve()
  buffer.again = true
  buffer.loading ??= (async () => {
    while (buffer.again) {
      buffer.again = false
      await fetchOnce(shelf, key)
    }
  })().finally(() => { buffer.loading = null })
  return buffer.loading
}

async function open(shelf: Shelf, workspaceId: string, path: string): Promise<void> {
  const key = keyOf(workspaceId, path)
  if (shelf.buffers.has(key)) return
  const buffer: Buffer = { base: null, bom: '', read: () => '', timer: null, loading: null, again: false }
  shelf.buffers.set(key, buffer)
  shelf.all.set(new Map(shelf.all.get()).set(key, newDocument(workspaceId, path)))
  const draft = await shelf.drafts.get(key)
  if (draft) {
    // As it was left: what the disk has now is compared with what the text was made from.
    buffer.read = () => draft.text
    // Its text is not known before the file was read: one that nothing typed can be equal to.
    buffer.base = draft.baseHash === null ? null : { text: `${draft.text}\0`, hash: draft.baseHash }
    patch(shelf, key, { isDirty: true, view: { kind: 'text' } })
  }
  await load(shelf, key)
}

async function save(shelf: Shelf, key: string): Promise<boolean> {
  const [buffer, document] = [shelf.buffers.get(key), shelf.all.get().get(key)]
  if (!buffer || !document || document.isSaving || document.view.kind !== 'text') return false
  const text = buffer.read()
  // It is shown what there is to choose from.
  if (document.conflict !== null) return false
  if (isTooLarge(text)) {
    patch(shelf, key, { problem: 'The text is too large to be saved here. It is kept; save it in parts.' })
    return false
  }
  patch(shelf, key, { isSaving: true, problem: null })
  try {
    const expectedHash = document.isDeleted ? null : (buffer.base?.hash ?? null)
    const { hash } = await shelf.client.files.write({ id: document.workspaceId, path: document.path, text: buffer.bom + text, expectedHash })
    buffer.base = { text, hash }
    patch(shelf, key, { isSaving: false, isDeleted: false })
    if (buffer.read() === text) settle(shelf, key, { text, hash })
    return true
  } catch (error) {
    const isChanged = errorBodyOf(error)?.code === 'FILE_CHANGED'
    patch(shelf, key, { isSaving: false, problem: isChanged ? null : error })
    if (isChanged) await load(shelf, key)
    return false
  }
}

function isTooLarge(text: string): boolean {
  return text.length > mostSavedChars / 2 && JSON.stringify(text).length > mostSavedChars
}

/** Documents and drafts go with what was moved. */
function move(shelf: Shelf, workspaceId: string, from: string, to: string): void {
  const { all, buffers, drafts } = shelf
  for (const [key, document] of all.get()) {
    if (document.workspaceId !== workspaceId || !isInside(document.path, from)) continue
    const path = to + document.path.slice(from.length)
    const buffer = buffers.get(key)
    const next = new Map(all.get())
    next.delete(key)
    buffers.delete(key)
    if (buffer) buffers.set(keyOf(workspaceId, path), buffer)
    all.set(next.set(keyOf(workspaceId, path), { ...document, key: keyOf(workspaceId, path), path }))
    if (document.isDirty) void drafts.remove(key).then(() => keepDraft(shelf, keyOf(workspaceId, path)))
  }
}

function onFolderChange(shelf: Shelf, workspaceId: string, change: FolderChange): void {
  if (!change.available) return
  for (const [key, { path, workspaceId: own }] of shelf.all.get()) {
    const isTouched = change.reset || change.files.includes(path) || change.folders.some((folder) => isInside(path, folder))
    if (own === workspaceId && isTouched) void load(shelf, key)
  }
}

export function createDocuments({ client, drafts, after, now }: {
  readonly client: Pick<Client, 'files'>
  readonly drafts: TextDrafts
  readonly after: (ms: number, callback: () => void) => () => void
  readonly now: () => number
}): Documents {
  const all = createStore<ReadonlyMap<string, OpenDocument>>(new Map())
  const buffers = new Map<string, Buffer>()
  const shelf: Shelf = { all, buffers, client, drafts, now }
  return {
    all,
    open: (workspaceId, path) => open(shelf, workspaceId, path),
    save: (key) => save(shelf, key),
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
      if (all.get().get(key)?.isDirty === false) patch(shelf, key, { isDirty: true })
      buffer.timer ??= after(draftAfterMs, () => void keepDraft(shelf, key))
    },
    released: (key, read, text) => {
      const buffer = buffers.get(key)
      if (buffer?.read === read) buffer.read = () => text
    },
    takeTheirs: (key) => {
      const conflict = all.get().get(key)?.conflict
      if (!conflict) return
      replace(shelf, key, conflict.text, {})
      settle(shelf, key, conflict)
    },
    keepMine: (key) => {
      const [buffer, conflict] = [buffers.get(key), all.get().get(key)?.conflict]
      if (!buffer || !conflict) return
      buffer.base = conflict
      patch(shelf, key, { conflict: null, problem: null })
      void keepDraft(shelf, key)
    },
    move: (workspaceId, from, to) => move(shelf, workspaceId, from, to),
    onFolderChange: (workspaceId, change) => onFolderChange(shelf, workspaceId, change),
    flush: () => {
      for (const [key, { timer }] of buffers) if (timer !== null) void keepDraft(shelf, key)
    },
  }
}
