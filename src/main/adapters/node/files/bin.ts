import { mkdir, realpath, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '#core/errors'
import { openDirectory, type Directory } from './directory'
import { errnoOf } from './file-errors'
import { lstatOrNull, type Place } from './locate'
import { existing, moveName, moveTo } from './move'
import { sizeOf } from './tree'

const ITEM = 'item'

/** The bin of a profile: one folder per deleted thing, named by its id, with the thing in it. */
export interface Bin {
  readonly folder: string
  readonly byHandle: boolean
}

export async function putInBin(bin: Bin, place: Place, binId: string): Promise<{ bytes: number }> {
  const { directory, name } = existing(place)
  const bytes = await sizeOf(directory, name)
  await withSlot(bin, binId, true, async (slot) => {
    await moveName(directory, name, slot, ITEM, inUse(binId))
    await slot.sync()
    await directory.sync()
  })
  return { bytes }
}

export async function takeFromBin(bin: Bin, binId: string, target: Place): Promise<void> {
  await withSlot(bin, binId, false, async (slot) => {
    if (!(await lstatOrNull(slot.at(ITEM)))) throw notInBin(binId)
    await moveTo({ directory: slot, name: ITEM }, target, false)
  })
  await rmdir(join(bin.folder, binId)).catch(() => undefined)
}

async function withSlot(bin: Bin, binId: string, create: boolean, work: (slot: Directory) => Promise<void>): Promise<void> {
  if (!/^[A-Za-z0-9-]{1,64}$/.test(binId)) throw notInBin('with this id')
  const path = join(bin.folder, binId)
  if (create) await makeSlot(bin.folder, path, binId)
  const slot = await openSlot(bin, path, binId)
  try {
    await work(slot)
  } catch (error) {
    if (create) await rmdir(path).catch(() => undefined)
    throw error
  } finally {
    await slot.close()
  }
}

async function makeSlot(folder: string, path: string, binId: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  try {
    await mkdir(path, 0o700)
  } catch (error) {
    throw errnoOf(error) === 'EEXIST' ? inUse(binId) : error
  }
}

async function openSlot(bin: Bin, path: string, binId: string): Promise<Directory> {
  try {
    return await openDirectory(await realpath(path), bin.byHandle)
  } catch (error) {
    throw errnoOf(error) === 'ENOENT' ? notInBin(binId) : error
  }
}

function inUse(binId: string): AppError {
  return new AppError('CONFLICT', `The bin already has an item ${binId}; nothing was deleted`)
}

function notInBin(binId: string): AppError {
  return new AppError('RESOURCE_NOT_FOUND', `The bin has no item ${binId}`)
}
