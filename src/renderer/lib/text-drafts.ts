import { z } from 'zod'

const TextDraftSchema = z.object({
  key: z.string(),
  workspaceId: z.string(),
  path: z.string(),
  text: z.string(),
  /** Of the file that the text was made from; null: there was none. */
  baseHash: z.string().nullable(),
  at: z.number(),
})
export type TextDraft = z.infer<typeof TextDraftSchema>

/** Text of files that was typed and not saved, kept on this machine over reloads and crashes. None of these rejects. */
export interface TextDrafts {
  ofWorkspace(workspaceId: string): Promise<readonly TextDraft[]>
  get(key: string): Promise<TextDraft | null>
  /** False when it could not be kept: no room, no storage. */
  put(draft: TextDraft): Promise<boolean>
  remove(key: string): Promise<void>
}

const databaseName = 'trestle-drafts'
const storeName = 'drafts'
const mostDrafts = 200

export function createTextDrafts(factory: () => IDBFactory): TextDrafts {
  const opened: { database: Promise<IDBDatabase> | null } = { database: null }
  const open = (): Promise<IDBDatabase> => {
    opened.database ??= openDatabase(factory()).catch((error: unknown) => {
      opened.database = null
      throw error
    })
    return opened.database
  }
  const run = async <T>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> => {
    const database = await open()
    const transaction = database.transaction(storeName, mode)
    const request = ask(transaction.objectStore(storeName))
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result)
      transaction.onabort = () => reject(transaction.error ?? new Error('the draft was not kept'))
    })
  }
  const all = async (): Promise<readonly TextDraft[]> => {
    const found = await run('readonly', (store) => store.getAll())
    return found.flatMap((item: unknown) => TextDraftSchema.safeParse(item).data ?? [])
  }
  return {
    ofWorkspace: async (workspaceId) => (await all().catch(() => [])).filter((draft) => draft.workspaceId === workspaceId),
    get: async (key) => TextDraftSchema.safeParse(await run('readonly', (store) => store.get(key)).catch(() => null)).data ?? null,
    put: async (draft) => {
      try {
        await run('readwrite', (store) => store.put(draft))
        const kept = [...await all()].sort((left, right) => right.at - left.at)
        for (const old of kept.slice(mostDrafts)) await run('readwrite', (store) => store.delete(old.key))
        return true
      } catch {
        return false
      }
    },
    remove: async (key) => {
      await run('readwrite', (store) => store.delete(key)).catch(() => undefined)
    },
  }
}

function openDatabase(factory: IDBFactory): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open(databaseName, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(storeName, { keyPath: 'key' })
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('no storage for drafts'))
    request.onblocked = () => reject(new Error('no storage for drafts'))
  })
}
