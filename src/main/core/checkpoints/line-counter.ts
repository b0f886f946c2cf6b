import type { FileChange, LineCount } from '#contract/file-changes'
import type { EventSource } from '../events/event-stream'
import type { TreeChange } from '../ports/snapshots'
import type { CheckpointPorts } from './ports'
import type { Recorder } from './recorder'
import { countLines, toText } from './text-diff'

/** Files that are longer, and files beyond so many, are not read to count their lines. */
const LONGEST_COUNTED = 512 * 1024
const MOST_COUNTED = 300
const MOST_CHANGES = 10_000

export interface LineCounter {
  /** How a checkpoint differs from its parent, kept with it. */
  count(checkpointId: string, source: EventSource): Promise<void>
  /** Of these changes, lines of the first ones. */
  describe(changes: readonly TreeChange[], most?: number): Promise<Pick<FileChange, 'path' | 'lines' | 'binary'>[]>
}

export function createLineCounter({ store, snapshots, recorder }: Pick<CheckpointPorts, 'store' | 'snapshots'> & { readonly recorder: Recorder }): LineCounter {
  const textOf = async (state: TreeChange['before']): Promise<string | null> => {
    if (state?.kind !== 'file' || state.hash === null) return ''
    if (state.bytes > LONGEST_COUNTED) return null
    const bytes = await snapshots.read(state.hash, LONGEST_COUNTED)
    return bytes && toText(bytes)
  }
  const describe: LineCounter['describe'] = async (changes, most = MOST_COUNTED) => {
    const described: Pick<FileChange, 'path' | 'lines' | 'binary'>[] = []
    for (const [index, { path, before, after }] of changes.entries()) {
      if (index >= most) {
        described.push({ path, lines: null, binary: false })
        continue
      }
      try {
        const [left, right] = [await textOf(before), await textOf(after)]
        described.push({ path, lines: left === null || right === null ? null : countLines(left, right), binary: left === null || right === null })
      } catch {
        // Damaged content has no lines; the diff of the file says why.
        described.push({ path, lines: null, binary: false })
      }
    }
    return described
  }
  return {
    describe,
    count: async (checkpointId, source) => {
      const checkpoint = recorder.get(checkpointId)
      const parent = checkpoint.parentId === null ? null : store.checkpoints.get(checkpoint.parentId)
      if (checkpoint.treeId === null || !parent?.treeId) return
      const { changes, total } = await snapshots.diff(parent.treeId, checkpoint.treeId, MOST_CHANGES)
      const files = changes.filter(isFileChange)
      const lines = sumLines(await describe(files))
      if (store.checkpoints.get(checkpointId)) recorder.change(checkpointId, { changes: { files: total > changes.length ? total : files.length, ...lines } }, source)
    },
  }
}

/** Folders are only the way to their files, unless they are empty: nobody asks what changed in them. */
export function isFileChange({ before, after }: TreeChange): boolean {
  return (before !== null && before.kind !== 'directory') || (after !== null && after.kind !== 'directory')
}

export function sumLines(described: readonly { readonly lines: LineCount | null }[]): LineCount {
  return described.reduce((sum, { lines }) => ({ added: sum.added + (lines?.added ?? 0), removed: sum.removed + (lines?.removed ?? 0) }), { added: 0, removed: 0 })
}
