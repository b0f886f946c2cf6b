import type { Stats } from 'node:fs'
import { lstat, readlink, realpath } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { AppError } from '#core/errors'
import type { SystemPath } from '../../shared/names'
import { openDirectory, type Directory } from './directory'
import { errnoOf, fileError } from './file-errors'
import { ignoresCase, insideOf, outsideWorkspace, parsePath } from './path-rules'

const MOST_LINKS = 40

export interface Root {
  /** Absolute real path. */
  readonly path: string
  /** What it was opened by. */
  readonly openedAs: string
  readonly byHandle: boolean
  readonly platform: NodeJS.Platform
  /** Absolute real path of our own data, which nobody reaches as files of a folder; a root inside of it is a copy that we made ourselves. */
  readonly ours: string | null
}

/** Where a path really leads. */
export interface Place {
  /** The nearest folder that exists: the parent, unless folders of the path are missing. */
  readonly directory: Directory
  /** Names below `directory`: none for the root itself, one when the parent exists, more when folders are missing. */
  readonly names: readonly string[]
  /** Real path relative to the root, with forward slashes; empty for the root. */
  readonly path: string
  readonly kind: 'file' | 'directory' | 'link' | 'other' | 'missing'
}

/** `follow`: a link at the end of the path stands for what it leads to. `keep`: it stands for itself. */
export type LastLink = 'follow' | 'keep'

/** Finds a path, works on it while its folder is held open, and turns failures into AppErrors. */
export async function withPlace<T>(root: Root, path: string, lastLink: LastLink, work: (place: Place) => Promise<T>): Promise<T> {
  const names = parsePath(path, { platform: root.platform, roots: [root.path, root.openedAs] })
  let shown = names.join('/')
  let place: Place | null = null
  try {
    place = await locate(root, names, lastLink)
    shown = place.path
    keepOursApart(root, place.path, lastLink)
    const result = await work(place)
    if (!root.byHandle) await checkInside(root, place.directory)
    return result
  } catch (error) {
    throw fileError(error, shown)
  } finally {
    await place?.directory.close()
  }
}

function keepOursApart({ ours, path: root, platform }: Root, path: string, lastLink: LastLink): void {
  if (ours === null || path === '' || insideOf(ours, root, platform) !== null) return
  const whole = join(root, path)
  const isAbove = lastLink === 'keep' && insideOf(whole, ours, platform) !== null
  if (isAbove || insideOf(ours, whole, platform) !== null) throw outsideWorkspace()
}

export async function openRoot(root: Root): Promise<Directory> {
  let directory: Directory | null = null
  try {
    directory = await openDirectory(root.path, root.byHandle)
    if ((await directory.realPath()) === root.path) return directory
  } catch (error) {
    await directory?.close()
    throw workspaceGone(error)
  }
  await directory.close()
  throw workspaceGone(new Error('something else is where the folder was'))
}

function workspaceGone(cause: unknown): AppError {
  return new AppError('WORKSPACE_UNAVAILABLE', 'The workspace folder is gone or cannot be read. Its sessions are kept; put the folder back or open another one', { cause })
}

/** Goes down from the root name by name and never through a link: a link is read, judged, and the way starts again. */
async function locate(root: Root, wanted: readonly string[], lastLink: LastLink): Promise<Place> {
  let names = wanted
  for (let links = 0; links <= MOST_LINKS; links++) {
    const found = await goDown(root, names, lastLink)
    if (!('restart' in found)) return found
    names = found.restart
  }
  throw outsideWorkspace(new Error('too many links'))
}

async function goDown(root: Root, wanted: readonly string[], lastLink: LastLink): Promise<Place | { readonly restart: readonly string[] }> {
  let directory = await openRoot(root)
  const above: string[] = []
  let done = false
  try {
    for (const [index, asked] of wanted.entries()) {
      const last = index === wanted.length - 1
      const stats = await lstatOrNull(directory.at(asked))
      const name = stats ? await nameOnDisk(root, directory, asked) : asked
      if (stats?.isSymbolicLink()) {
        const target = await linkTarget(root, above, name)
        if (!last || lastLink === 'follow') {
          if (!target) throw leadsNowhere([...above, name].join('/'))
          return { restart: [...target, ...wanted.slice(index + 1)] }
        }
      }
      if (!stats || last) {
        await checkInside(root, directory)
        done = true
        const names = [name, ...wanted.slice(index + 1)]
        return { directory, names, path: [...above, ...names].join('/'), kind: kindOf(stats) }
      }
      const next = await directory.enter(name)
      await directory.close()
      directory = next
      above.push(name)
    }
    done = true
    return { directory, names: [], path: '', kind: 'directory' }
  } finally {
    if (!done) await directory.close()
  }
}

export async function lstatOrNull(path: SystemPath): Promise<Stats | null> {
  try {
    return await lstat(path)
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null
    throw error
  }
}

function kindOf(stats: Stats | null): Place['kind'] {
  if (!stats) return 'missing'
  if (stats.isFile()) return 'file'
  if (stats.isDirectory()) return 'directory'
  return stats.isSymbolicLink() ? 'link' : 'other'
}

async function nameOnDisk(root: Root, directory: Directory, name: string): Promise<string> {
  if (!ignoresCase(root.platform)) return name
  const real = await realpath(directory.at(name))
  const shown = real.split(/[/\\]/).at(-1) ?? name
  return shown.toLowerCase() === name.toLowerCase() ? shown : name
}

/**
 * Names from the root to what a link leads to, null when that does not exist. Throws when it is outside. Only a
 * proposal: it is walked, and judged, like any other path.
 */
async function linkTarget(root: Root, above: readonly string[], name: string): Promise<readonly string[] | null> {
  const link = join(root.path, ...above, name)
  try {
    return namesInside(root, await realpath(link))
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw outsideWorkspace(error)
  }
  namesInside(root, await nearestReal(resolve(dirname(link), await readlink(link))))
  return null
}

function leadsNowhere(path: string): AppError {
  return new AppError('RESOURCE_NOT_FOUND', `${path} is a link to something that does not exist`)
}

async function nearestReal(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    const parent = dirname(path)
    if (errnoOf(error) !== 'ENOENT' || parent === path) throw outsideWorkspace(error)
    return nearestReal(parent)
  }
}

function namesInside(root: Root, real: string): readonly string[] {
  const below = insideOf(root.path, real, root.platform)
  if (below === null) throw outsideWorkspace()
  return below.split(/[/\\]/).filter((name) => name !== '')
}

async function checkInside(root: Root, directory: Directory): Promise<void> {
  if (insideOf(root.path, await directory.realPath(), root.platform) === null) throw outsideWorkspace()
}
