import type { DamagedContent, Progress, StoreRoot, StoreUsage } from '#core/ports/snapshots'
import type { Codec, CodecName } from './codec'
import { decompress } from './codec'
import type { Database } from './database'
import { BLOCK_BYTES } from './gathering'
import { joinPath } from './nodes'
import { createBlockWriter, DamagedObject, type Objects } from './objects'
import { hashOf } from './tree-codec'
import { readTree } from './trees'

/** Thrown when something more urgent waits; what was done until then stays. */
export class Interrupted extends Error {}

export interface Pace {
  /** Gives others their turn. Throws Interrupted. */
  step(): Promise<void>
}

const free: Pace = { step: () => new Promise((resolve) => { setImmediate(resolve) }) }
/** A block in which less than this part is needed is written anew without the rest. */
const WORTH_KEEPING = 0.6

/** Every object that these trees need. A damaged tree hides what is below it; that cannot be restored anyhow. */
export async function mark(objects: Objects, trees: Iterable<string>, pace: Pace, live = new Set<string>()): Promise<Set<string>> {
  let visited = 0
  const open = [...trees]
  for (let treeId = open.pop(); treeId !== undefined; treeId = open.pop()) {
    if (live.has(treeId)) continue
    live.add(treeId)
    for (const entry of entriesOf(objects, treeId)) {
      if (entry.kind === 'directory') open.push(entry.hash)
      else if (entry.hash !== '') live.add(entry.hash)
    }
    visited += 1
    if (visited % 200 === 0) await pace.step()
  }
  return live
}

function entriesOf(objects: Objects, treeId: string) {
  try {
    return readTree(objects, treeId)
  } catch (error) {
    if (error instanceof DamagedObject) return []
    throw error
  }
}

/** In one transaction: from then on what is not needed counts as not stored, and is stored anew when it is seen again. */
export function forgetUnneeded(db: Database, live: ReadonlySet<string>): number {
  const select = db.prepare<[], Buffer>('SELECT hash FROM objects').pluck()
  const remove = db.prepare<[Buffer]>('DELETE FROM objects WHERE hash = ?')
  return db.transaction(() => {
    const dead = select.all().filter((hash) => !live.has(hash.toString('hex')))
    for (const hash of dead) remove.run(hash)
    return dead.length
  }).immediate()
}

interface BlockUse {
  readonly id: number
  readonly size: number
  readonly used: number
  readonly codec: CodecName
}

/** Larger ones stay as they are: one of them would hold up everything else. */
const MOST_DENSE_BYTES = 4 * 1024 * 1024

/** Gives the space of what was forgotten back, joins small blocks, and packs once more what was packed in haste; a few at a time, each whole before and after. */
export async function reclaim(db: Database, codec: Codec, objects: Objects, worthKeeping: number, onProgress: Progress): Promise<void> {
  const blocks = db.prepare<[], BlockUse>(`SELECT b.id, b.size, b.codec, coalesce((SELECT sum(o.size) FROM objects o WHERE o.block = b.id), 0) AS used FROM blocks b ORDER BY b.id`).all()
  const groups = groupsOf(blocks, worthKeeping, codec.name)
  const rewrite = createRewriter(db, codec)
  for (const [index, ids] of groups.entries()) {
    rewrite(ids)
    if (index % 8 !== 7) continue
    objects.forgetCache()
    onProgress(index + 1, groups.length)
    await free.step()
  }
  objects.forgetCache()
  await vacuum(db)
  onProgress(groups.length, groups.length)
}

/**
 * What is written anew, and what of it together: what one checkpoint after the other kept of the same files compresses to
 * little more than one of them.
 */
function groupsOf(blocks: readonly BlockUse[], worthKeeping: number, best: CodecName): number[][] {
  const isHasty = ({ codec, used }: BlockUse) => codec === 'zstd' && best === 'zstd-dense' && used <= MOST_DENSE_BYTES
  const isWasteful = (block: BlockUse) => block.used < block.size * worthKeeping || isHasty(block)
  const groups: { ids: number[]; bytes: number }[] = []
  const waste = new Set<number>()
  for (const block of blocks) {
    if (isWasteful(block)) waste.add(block.id)
    else if (block.used > BLOCK_BYTES / 2) continue
    const open = groups.at(-1)
    if (open && open.bytes + block.used <= BLOCK_BYTES) {
      open.ids.push(block.id)
      open.bytes += block.used
    } else groups.push({ ids: [block.id], bytes: block.used })
  }
  return groups.map(({ ids }) => ids).filter((ids) => ids.length > 1 || ids.some((id) => waste.has(id)))
}

export const partlyUsed = WORTH_KEEPING

function createRewriter(db: Database, codec: Codec): (ids: readonly number[]) => void {
  const itemsOf = db.prepare<[number], { hash: Buffer; start: number; size: number }>('SELECT hash, start, size FROM objects WHERE block = ? ORDER BY start')
  const select = db.prepare<[number], { codec: CodecName; size: number; data: Buffer }>('SELECT codec, size, data FROM blocks WHERE id = ?')
  const removeObjects = db.prepare<[number]>('DELETE FROM objects WHERE block = ?')
  const removeBlock = db.prepare<[number]>('DELETE FROM blocks WHERE id = ?')
  const write = createBlockWriter(db)
  return db.transaction((ids: readonly number[]) => {
    const parts: Buffer[] = []
    const items: { hash: string; start: number; size: number }[] = []
    let length = 0
    for (const id of ids) {
      const needed = itemsOf.all(id)
      const row = needed.length > 0 ? select.get(id) : undefined
      const raw = row && unpack(row)
      // A damaged block is left for verify to name.
      if (raw === null) continue
      for (const { hash, start, size } of raw ? needed : []) {
        parts.push(raw?.subarray(start, start + size) ?? Buffer.alloc(0))
        items.push({ hash: hash.toString('hex'), start: length, size })
        length += size
      }
      if (raw) removeObjects.run(id)
      removeBlock.run(id)
    }
    if (items.length === 0) return
    const joined = Buffer.concat(parts)
    write([{ size: length, codec: codec.name, data: codec.compressSync(joined), items }])
  }).immediate
}

function unpack({ codec, data, size }: { codec: CodecName; data: Buffer; size: number }): Buffer | null {
  try {
    return decompress(codec, data, size)
  } catch {
    return null
  }
}

async function vacuum(db: Database): Promise<void> {
  for (let left = Number(db.pragma('freelist_count', { simple: true })); left > 0;) {
    db.pragma('incremental_vacuum(2000)')
    const now = Number(db.pragma('freelist_count', { simple: true }))
    if (now >= left) break
    left = now
    await free.step()
  }
  db.pragma('wal_checkpoint(TRUNCATE)')
}

export function fileBytes(db: Database): { readonly bytes: number; readonly slack: number } {
  const page = Number(db.pragma('page_size', { simple: true }))
  return { bytes: Number(db.pragma('page_count', { simple: true })) * page, slack: Number(db.pragma('freelist_count', { simple: true })) * page }
}

/** Reads every block once, and counts the contents in them. Damaged content is forgotten. */
export async function findDamage(db: Database, objects: Objects, onProgress: Progress): Promise<Set<string>> {
  const ids = db.prepare<[], number>('SELECT id FROM blocks ORDER BY id').pluck().all()
  const known = new Set(ids)
  const all = db.prepare<[], { hash: Buffer; block: number }>('SELECT hash, block FROM objects').all()
  const damaged = new Set(all.filter(({ block }) => !known.has(block)).map(({ hash }) => hash.toString('hex')))
  const items = db.prepare<[number], { hash: Buffer; start: number; size: number }>('SELECT hash, start, size FROM objects WHERE block = ?')
  const select = db.prepare<[number], { codec: CodecName; size: number; data: Buffer }>('SELECT codec, size, data FROM blocks WHERE id = ?')
  let read = all.length - all.filter(({ block }) => known.has(block)).length
  for (const [index, id] of ids.entries()) {
    const raw = readBlock(() => select.get(id))
    for (const { hash, start, size } of items.all(id)) {
      read += 1
      if (raw === null || hashOf(raw.subarray(start, start + size)) !== hash.toString('hex')) damaged.add(hash.toString('hex'))
    }
    if (index % 16 !== 15) continue
    onProgress(read, all.length)
    await free.step()
  }
  onProgress(read, all.length)
  const remove = db.prepare<[Buffer]>('DELETE FROM objects WHERE hash = ?')
  db.transaction(() => { for (const hash of damaged) remove.run(Buffer.from(hash, 'hex')) }).immediate()
  objects.forgetCache()
  return damaged
}

function readBlock(select: () => { codec: CodecName; size: number; data: Buffer } | undefined): Buffer | null {
  try {
    const row = select()
    return row ? unpack(row) : null
  } catch {
    return null
  }
}

/** Where damaged (or long missing) content is used. */
export async function locateDamage(objects: Objects, damaged: ReadonlySet<string>, roots: readonly StoreRoot[]): Promise<DamagedContent[]> {
  const found = new Map<string, { path: string | null; checkpointIds: Set<string> }>()
  for (const hash of damaged) found.set(hash, { path: null, checkpointIds: new Set() })
  const clean = new Set<string>()
  const visit = (treeId: string, path: string, checkpointId: string): boolean => {
    if (clean.has(treeId)) return true
    const note = (hash: string, where: string) => {
      const known = found.get(hash) ?? { path: null, checkpointIds: new Set<string>() }
      known.path ??= where
      known.checkpointIds.add(checkpointId)
      found.set(hash, known)
      return false
    }
    if (!objects.has(treeId) && hashOfEmpty !== treeId) return note(treeId, path)
    let whole = true
    for (const entry of entriesOf(objects, treeId)) {
      const child = joinPath(path, entry.name)
      if (entry.kind === 'directory') whole = visit(entry.hash, child, checkpointId) && whole
      else if (entry.kind !== 'not_covered' && (damaged.has(entry.hash) || !objects.has(entry.hash))) whole = note(entry.hash, child)
    }
    if (whole) clean.add(treeId)
    return whole
  }
  for (const { treeId, checkpointId } of roots) {
    visit(treeId, '', checkpointId)
    await free.step()
  }
  return [...found].map(([hash, { path, checkpointIds }]) => ({ hash, path: path === '' ? null : path, checkpointIds: [...checkpointIds] }))
}

const hashOfEmpty = hashOf(Buffer.from('tree\0'))

/** Sizes as they are on disk: a part of a block counts by its share of the compressed block. */
export async function measure(db: Database, objects: Objects, roots: readonly StoreRoot[]): Promise<StoreUsage> {
  const sizes = new Map<string, number>()
  const rows = db.prepare<[], { hash: Buffer; bytes: number }>('SELECT o.hash, o.size * 1.0 * length(b.data) / max(1, b.size) AS bytes FROM objects o JOIN blocks b ON b.id = o.block').all()
  for (const { hash, bytes } of rows) sizes.set(hash.toString('hex'), bytes)
  const sum = (hashes: Iterable<string>) => {
    let bytes = 0
    for (const hash of hashes) bytes += sizes.get(hash) ?? 0
    return Math.round(bytes)
  }
  const treesOf = (wanted: (root: StoreRoot) => boolean) => roots.filter(wanted).map(({ treeId }) => treeId)
  const workspaceIds = [...new Set(roots.map(({ workspaceId }) => workspaceId))]
  const perWorkspace = new Map<string | null, Set<string>>()
  const users = new Map<string, number>()
  for (const workspaceId of workspaceIds) {
    const needed = await mark(objects, treesOf((root) => root.workspaceId === workspaceId), free)
    perWorkspace.set(workspaceId, needed)
    for (const hash of needed) users.set(hash, (users.get(hash) ?? 0) + 1)
  }
  const kept = await mark(objects, treesOf(({ prunable }) => !prunable), free)
  const ages = { day: 0, week: 0, month: 0, older: 0 }
  let before = new Set<string>()
  for (const age of ['day', 'week', 'month', 'older'] as const) {
    const upTo = await mark(objects, treesOf((root) => root.age === age), free, new Set(before))
    ages[age] = sum(upTo) - sum(before)
    before = upTo
  }
  const { bytes, slack } = fileBytes(db)
  return {
    bytes, slackBytes: slack, objects: rows.length, ages,
    prunableBytes: Math.max(0, sum(sizes.keys()) - sum(kept)),
    workspaces: workspaceIds.map((workspaceId) => {
      const needed = perWorkspace.get(workspaceId) ?? new Set<string>()
      const own = sum([...needed].filter((hash) => users.get(hash) === 1))
      return { workspaceId, bytes: own, sharedBytes: sum(needed) - own }
    }),
  }
}
