import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Progress, Snapshots, StoreRoot } from '#core/ports/snapshots'
import { applyChanges, materialise } from './apply'
import { chooseCodec, DENSE_LEVEL } from './codec'
import { databaseLibrary, openContentDatabase } from './database'
import { createFolderFiles } from './folder-files'
import { createFolderStates } from './folder-states'
import { fileBytes, findDamage, forgetUnneeded, locateDamage, mark, measure, partlyUsed, reclaim } from './garbage'
import { createGate } from './gate'
import { createObjects, DamagedObject } from './objects'
import type { ThreadData } from './protocol'
import { hashOf } from './tree-codec'
import { diffTrees, emptyTreeId, stateAt } from './trees'
import { createSigns } from './watcher'

/** For what is written anew: the first time it must be fast, the second time small. */
const tight = chooseCodec(DENSE_LEVEL)
/** How often something urgent may put a prune off. */
const MOST_INTERRUPTIONS = 20

/** The store in its thread: the port's methods, with progress as the last argument. */
export function openStore({ library, folder, compressionLevel }: ThreadData): Snapshots & { readonly quarantined: string | null } {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const { db, quarantined } = openContentDatabase(databaseLibrary(library), join(folder, 'content.db'), Date.now())
  const objects = createObjects(db, chooseCodec(compressionLevel))
  const files = createFolderFiles(db)
  const signs = createSigns(join(folder, 'signs'))
  const gate = createGate()
  /** Taken and perhaps not yet recorded by who asked for them. */
  let recent = new Set<string>()

  const { at: folderAt, inQueue, ...folders } = createFolderStates({ objects, files, signs, now: () => Date.now() })

  return {
    quarantined, emptyTreeId,
    take: (root, limits) => inQueue(root, () => gate.enter(async () => {
      const snapshot = await folderAt(root).take(limits)
      recent.add(snapshot.treeId)
      return snapshot
    })),
    protect: async (root, paths) => { await folders.known(root)?.protect(paths) },
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
    discard: async (target) => { for (const path of [target, `${target}.partial`]) rmSync(path, { recursive: true, force: true, maxRetries: 2 }) },
    forget: (root) => inQueue(root, async () => {
      folders.forget(root)
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
          for (const state of folders.all()) for (const hash of state.hashes()) live.add(hash)
          forgetUnneeded(db, live)
        })
      } catch (error) {
        for (const treeId of known) recent.add(treeId)
        throw error
      }
      await reclaim(db, tight, objects, partlyUsed, onProgress)
      return { freedBytes: Math.max(0, before - fileBytes(db).bytes) }
    },
    compact: async (onProgress) => {
      const before = fileBytes(db).bytes
      await reclaim(db, tight, objects, 0.97, onProgress)
      return { freedBytes: Math.max(0, before - fileBytes(db).bytes) }
    },
    verify: async (roots: readonly StoreRoot[], onProgress: Progress) => {
      const damaged = await findDamage(db, objects, onProgress)
      for (const state of folders.all()) state.invalidate(damaged)
      if (damaged.size > 0) {
        for (const root of files.roots()) files.remove(root)
      }
      return locateDamage(objects, damaged, roots)
    },
    close: async () => {
      await folders.close()
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
