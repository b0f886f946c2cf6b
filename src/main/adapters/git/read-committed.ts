import type { CommittedFile } from '#core/ports/git-status'
import { textOf } from '../shared/names'

const AT_ONCE = 50

/** From the objects alone: neither `ls-tree` nor `cat-file blob` runs a filter or looks at attributes. */
export async function readCommitted({ paths, maxBytes, run }: {
  readonly root: string
  readonly paths: readonly string[]
  readonly maxBytes: number
  readonly run: (args: readonly string[]) => Promise<Buffer | null>
}): Promise<Map<string, CommittedFile | 'too_large'>> {
  const found = new Map<string, CommittedFile | 'too_large'>()
  for (let from = 0; from < paths.length; from += AT_ONCE) {
    // Relative to the folder, which may be a part of the repository.
    const listed = await run(['ls-tree', '-z', '-l', 'HEAD', '--', ...paths.slice(from, from + AT_ONCE)])
    for (const record of listed === null ? [] : textOf(listed).split('\0')) {
      const [, mode, id, size, path] = /^(100644|100755|100664|120000) blob ([\da-f]{40,64}) +(\d+)\t([\s\S]+)$/.exec(record) ?? []
      if (mode === undefined || id === undefined || path === undefined) continue
      if (Number(size) > maxBytes) {
        found.set(path, 'too_large')
        continue
      }
      const bytes = await run(['cat-file', 'blob', id])
      if (bytes !== null) found.set(path, { bytes, kind: mode === '120000' ? 'link' : 'file', mode: mode === '120000' ? 0o777 : mode === '100755' ? 0o755 : 0o644 })
    }
  }
  return found
}
