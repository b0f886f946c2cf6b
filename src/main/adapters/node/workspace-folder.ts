import { opendir } from 'node:fs/promises'
import { posix } from 'node:path'
import type { WorkspaceFolder } from '#core/ports/workspace-files'
import { decodeName, nameEncoding } from '../shared/names'
import { type Bin, putInBin, takeFromBin } from './files/bin'
import type { Directory } from './files/directory'
import { notARegularFile } from './files/file-errors'
import { type Place, type Root, withPlace } from './files/locate'
import { existing, moveTo, notFoundAt } from './files/move'
import { makeFolderAt } from './files/make-folder'
import { hashPlace, readText } from './files/read'
import { readBinary } from './files/read-binary'
import { readLines } from './files/read-lines'
import { hashOf, writeText } from './files/write'
import { isTemporaryName, type WriteTraces } from './files/write-traces'

/** So many names of one folder are sorted; the rest is only counted. */
const MOST_NAMES = 100_000

export function createWorkspaceFolder(root: Root, bin: Bin, traces: WriteTraces): WorkspaceFolder {
  return {
    root: root.path,
    hashText: hashOf,
    resolve: (path) =>
      withPlace(root, path, 'follow', async (place) => ({ path: place.path, kind: place.kind === 'link' ? 'other' : place.kind })),
    readText: (path, maxBytes) => withPlace(root, path, 'follow', (place) => readText(place, maxBytes)),
    readLines: (path, startLine, maxLines, maxBytes) =>
      withPlace(root, path, 'follow', (place) => readLines(place, { startLine, maxLines, maxBytes })),
    readBinary: (path, maxImageBytes) => withPlace(root, path, 'follow', (place) => readBinary(place, maxImageBytes)),
    makeFolder: (path) => withPlace(root, path, 'keep', makeFolderAt),
    writeText: (path, text, expectedHash) => withPlace(root, path, 'follow', (place) => writeText(place, text, expectedHash, traces.nameFor(root.path, posix.dirname(place.path)))),
    move: (from, to) =>
      withPlace(root, from, 'keep', (source) =>
        withPlace(root, to, 'keep', (target) => moveTo(existing(source), target, sameFileNewCase(root, source, target)))),
    list: (path, limit) => withPlace(root, path, 'follow', (place) => list(place, limit)),
    hash: (path) => withPlace(root, path, 'follow', hashPlace),
    moveToBin: (path, binId) => withPlace(root, path, 'keep', (place) => putInBin(bin, place, binId)),
    restoreFromBin: (binId, path) => withPlace(root, path, 'keep', (place) => takeFromBin(bin, binId, place)),
  }
}

/** Where case does not count, `Readme` may become `README` although that name already leads to it. */
function sameFileNewCase(root: Root, source: Place, target: Place): boolean {
  return root.platform !== 'linux' && source.path === target.path
}

async function list(place: Place, limit: number): Promise<{ names: readonly string[]; total: number }> {
  if (place.kind === 'missing') throw notFoundAt(place.path)
  if (place.kind !== 'directory') throw notARegularFolder(place)
  const name = place.names[0]
  if (name === undefined) return listNames(place.directory, limit)
  const directory = await place.directory.enter(name)
  return listNames(directory, limit).finally(() => directory.close())
}

function notARegularFolder(place: Place) {
  return place.kind === 'file' ? notFoundAt(`${place.path}/`) : notARegularFile(place.path)
}

async function listNames(directory: Directory, limit: number): Promise<{ names: readonly string[]; total: number }> {
  const names: string[] = []
  let total = 0
  for await (const entry of await opendir(directory.self, { bufferSize: 1_000, encoding: nameEncoding })) {
    const name = decodeName(entry.name)
    if (isTemporaryName(name)) continue
    total += 1
    if (names.length < MOST_NAMES) names.push(entry.isDirectory() ? `${name}/` : name)
  }
  return { names: names.sort().slice(0, limit), total }
}
