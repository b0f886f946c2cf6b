import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Progress, Snapshots, StoreRoot } from '#core/ports/snapshots'
import { applyChanges, materialise } from './apply'
import { chooseCodec } from './codec'
import { databaseLibrary, openContentDatabase } from './database'
import { createFolderFiles } from './folder-files'
import { createFolderState, type FolderState } from './folder-state'
import { fileBytes, findDamage, forgetUnneeded, Interrupted, locateDamage, mark, measure, partlyUsed, reclaim, type Pace } from './garbage'
import { createObjects, DamagedObject } from './objects'
import type { ThreadData } from './protocol'
import { hashOf } from './tree-codec'
import { diffTrees, emptyTreeId, stateAt } from './trees'
import { createSigns } from './watcher'

/** Folders that are watched at the same time; one that was not used for long is looked at whole when it is used again. */
const MOST_FOLDERS = 6
/** How often something urgent may put a prune off. */
const MOST_INTERRUPTIONS = 20

/** The store in its thread: the port's methods, with progress as the last argument. */
export function openStore({ library, folder, compressionLevel }: ThreadData): Snapshots & { readonly quarantined: string | null } {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const { db, quarantined } = openContentDatabase(databaseLibrary(library), join(folder, 'content.db'), Date.now())
  const codec = chooseCodec(compressionLevel)
  const objects = createObjects(db, codec)
  const files = createFolderFiles(db)
  const signs = createSigns(join(folder, 'sign'))
  const folders = new Map<string, FolderState>()
  const queues = new Map<string, Promise<unknown>>()
  const gate = createGate()
  /** Taken and perhaps not yet recorded by who asked for them. */
  let recent = new Set<string>()

  const folderAt = (root: string): FolderState => {
    const known = folders.get(root) ?? createFolderState(root, { objects, files, signs, now: () => Date.now() })
    folders.delete(root)
    folders.set(root, known)
    for (const [oldest, state] of folders) {
      if (folders.size <= MOST_FOLDERS || queues.has(oldest)) break
      state.save()
      state.close()
      folders.delete(oldest)
    }
    return known
  }
  const inQueue = <T>(root: string, work: () => Promise<T>): Promise<T> => {
    const before = queues.get(root)
    const result = before ? before.then(work, work) : work()
    const settled = result.then(() => undefined, () => undefined)
    queues.set(root, settled)
    void settled.then(() => {
      if (queues.get(root) === settled) queues.delete(root)
    })
    return result
  }
  const forgetFolders = () => {
    for (const state of folders.values()) state.close()
    folders.clear()
  }

  return {
    quarantined, emptyTreeId,
    take: (root, limits) => inQueue(root, () => gate.enter(async () => {
      const snapshot = await folderAt(root).take(limits)
      recent.add(snapshot.treeId)
      return snapshot
    })),
    protect: async (root, paths) => { await folders.get(root)?.protect(paths) },
    diff: async (from, to, limit) => diffTrees(objects, from, to, limit),
    stateAt: async (treeId, path) => stateAt(objects, treeId, path),
    read: async (hash, maxBytes) => {
      const bytes = objects.get(hash)
      return bytes.length > maxBytes ? null : new Uint8Array(bytes)
    },
    store: (bytes) => gate.enter(async () => {
      const content = Buffer.from(bytes)
      const hash = hashOf(content)
      objects.put(hash, content)
      await objects.flush()
      return hash
    }),
    apply: (root, id, changes, onProgress) => inQueue(root, () => applyChanges(objects, root, id, changes, onProgress)),
    materialise: async (treeId, target) => ({ damaged: await materialise(objects, treeId, target) }),
    discard: async (target) => {
      for (const path of [target, `${target}.partial`]) rmSync(path, { recursive: true, force: true, maxRetries: 2 })
    },
    forget: (root) => inQueue(root, async () => {
      folders.get(root)?.close()
      folders.delete(root)
      files.remove(root)
    }),
    findDamaged: async (hashes) => hashes.filter((hash) => !isReadable(objects, hash)),
    usage: (roots) => measure(db, objects, roots),
    prune: async (keep, onProgress) => {
      const before = fileBytes(db).bytes
      const known = recent
      recent = new Set()
      try {
        await gate.alone(MOST_INTERRUPTIONS, async (pace) => {
          const live = await mark(objects, [...keep, ...recent, ...known, ...files.trees()], pace)
          for (const state of folders.values()) for (const hash of state.hashes()) live.add(hash)
          forgetUnneeded(db, live)
        })
      } catch (error) {
        for (const treeId of known) recent.add(treeId)
        throw error
      }
      await reclaim(db, codec, objects, partlyUsed, onProgress)
      return { freedBytes: Math.max(0, before - fileBytes(db).bytes) }
    },
    compact: async (onProgress) => {
      const before = fileBytes(db).bytes
      await reclaim(db, codec, objects, 0.97, onProgress)
      return { freedBytes: Math.max(0, before - fileBytes(db).bytes) }
    },
    verify: async (roots: readonly StoreRoot[], onProgress: Progress) => {
      const damaged = await findDamage(db, objects, onProgress)
      for (const state of folders.values()) state.invalidate(damaged)
      if (damaged.size > 0) {
        for (const root of files.roots()) files.remove(root)
      }
      return locateDamage(objects, damaged, roots)
    },
    close: async () => {
      await Promise.all(queues.values())
      for (const state of folders.values()) state.save()
      forgetFolders()
      signs?.close()
      db.close()
    },
  }
}

function isReadable(objects: { get(hash: string): Buffer }, hash: string): boolean {
  try {
    objects.get(hash)
    return true
  } catch (error) {
    if (error instanceof DamagedObject) return false
    throw error
  }
}

/** Many may store at the same time; who decides what is not needed must be alone, and gives way to who waits. */
function createGate() {
  let inside = 0
  let waiting = 0
  let alone: Promise<void> | null = null
  let left: (() => void) | null = null

  const enter = async <T>(work: () => Promise<T>): Promise<T> => {
    waiting += 1
    while (alone) await alone
    waiting -= 1
    inside += 1
    try {
      return await work()
    } finally {
      inside -= 1
      if (inside === 0) left?.()
    }
  }
  const once = async (work: (pace: Pace) => Promise<void>, mayInterrupt: boolean): Promise<void> => {
    let open: () => void = () => undefined
    while (alone) await alone
    alone = new Promise((resolve) => { open = resolve })
    try {
      if (inside > 0) await new Promise<void>((resolve) => { left = resolve })
      await work({
        step: async () => {
          await new Promise((resolve) => { setImmediate(resolve) })
          if (mayInterrupt && waiting > 0) throw new Interrupted()
        },
      })
    } finally {
      left = null
      alone = null
      open()
    }
  }
  return {
    enter,
    alone: async (interruptions: number, work: (pace: Pace) => Promise<void>): Promise<void> => {
      for (let attempt = 0; ; attempt += 1) {
        try {
          return await once(work, attempt < interruptions)
        } catch (error) {
          if (!(error instanceof Interrupted)) throw error
          await new Promise((resolve) => { setTimeout(resolve, 20) })
        }
      }
    },
  }
}
