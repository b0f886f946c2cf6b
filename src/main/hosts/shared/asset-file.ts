import { open, realpath, type FileHandle } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { assetPathOf, contentTypeOf } from './asset-path'

export interface AssetFile {
  readonly handle: FileHandle
  readonly bytes: number
  readonly contentType: string
  readonly immutable: boolean
}

/** Opens the file of the window that a URL path names; null when there is none. The caller closes the handle. */
export async function openAsset(root: string, urlPath: string): Promise<AssetFile | null> {
  const asset = assetPathOf(urlPath)
  if (asset === null) return null
  const file = await openInside(root, asset.path)
  return file && { ...file, contentType: contentTypeOf(asset.path), immutable: asset.immutable }
}

/** Links are followed only inside the folder. */
async function openInside(root: string, path: string): Promise<Pick<AssetFile, 'handle' | 'bytes'> | null> {
  let handle: FileHandle | null = null
  try {
    const realRoot = await realpath(root)
    const real = await realpath(join(realRoot, path))
    if (!real.startsWith(realRoot + sep)) return null
    handle = await open(real, 'r')
    const stats = await handle.stat()
    if (stats.isFile()) return { handle, bytes: stats.size }
  } catch {
    // Not there, not readable, a name the system does not take: there is no such file.
  }
  await handle?.close()
  return null
}
