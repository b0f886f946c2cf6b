import { randomBytes } from 'node:crypto'
import { lstat, rename } from 'node:fs/promises'
import { AppError } from '#core/errors'
import type { SystemPath } from '../../shared/names'
import type { Directory } from './directory'
import { errnoOf } from './file-errors'
import { lstatOrNull, type Place } from './locate'
import { copyTree, removeTree } from './tree'
import { renameToFree, withParent } from './write'

export function notFoundAt(path: string): AppError {
  return new AppError('RESOURCE_NOT_FOUND', `${path} not found`)
}

/** The parent and name of something that exists and is not the workspace folder itself. */
export function existing(place: Place): { readonly directory: Directory; readonly name: string } {
  const name = place.names[0]
  if (name === undefined) throw new AppError('PERMISSION_DENIED', 'The workspace folder itself cannot be moved or deleted')
  if (place.kind === 'missing') throw notFoundAt(place.path)
  return { directory: place.directory, name }
}

/** Moves to where nothing is, over file systems too. A link is moved as a link. */
export async function moveTo(from: { readonly directory: Directory; readonly name: string }, target: Place, sameNameAllowed: boolean): Promise<void> {
  if (target.kind !== 'missing' && !sameNameAllowed) throw taken(target.path)
  await withParent(target, async (parent, name) => {
    await moveName(from.directory, from.name, parent, name, taken(target.path))
    await parent.sync()
    await from.directory.sync()
  })
}

function taken(path: string): AppError {
  return new AppError('CONFLICT', `${path === '' ? 'The workspace folder' : path} already exists; nothing was moved`)
}

/** Onto nothing. Between file systems: copied beside the target, compared, put in place, and only then removed here. */
export async function moveName(from: Directory, name: string, to: Directory, newName: string, conflict: Error): Promise<void> {
  try {
    await renameOnto(from.at(name), to.at(newName), conflict)
  } catch (error) {
    if (errnoOf(error) !== 'EXDEV') throw error
    const temporary = `.trestle-${randomBytes(8).toString('hex')}.tmp`
    try {
      await copyTree(from, name, to, temporary)
      await renameOnto(to.at(temporary), to.at(newName), conflict)
    } catch (failure) {
      await removeTree(to, temporary).catch(() => undefined)
      throw failure
    }
    await to.sync()
    await removeTree(from, name)
  }
}

async function renameOnto(from: SystemPath, to: SystemPath, conflict: Error): Promise<void> {
  const stats = await lstat(from)
  const there = await lstatOrNull(to)
  if (there && !(there.ino === stats.ino && there.dev === stats.dev)) throw conflict
  if (stats.isFile() && !there) return renameToFree(from, to, conflict)
  await rename(from, to)
}
