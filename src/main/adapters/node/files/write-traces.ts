import { appendFileSync, mkdirSync } from 'node:fs'
import { opendir, readdir, readFile, unlink } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '#core/errors'
import { decodeName, nameEncoding } from '../../shared/names'
import { lstatOrNull, type Root, withPlace } from './locate'

/** Folders noted per process; beyond them a file that a kill leaves behind stays. */
const MOST_NOTED = 5_000
const MOST_READ_BYTES = 4_000_000
const TraceSchema = z.object({ root: z.string(), folder: z.string() })
const tokenPattern = /^[0-9a-f]{8}$/

/** Names of our temporary files: the process's token, then chance. Only a process that was killed in the middle of a write leaves one. */
export function isTemporaryName(name: string): boolean {
  return /^\.trestle-[0-9a-f]{16}\.tmp$/.test(name)
}

export interface WriteTraces {
  /** For a new file in a folder of a root. That it may come there is noted first, so that it can be cleared away after a kill. */
  nameFor(root: string, folder: string): string
  /**
   * Removes the temporary files of earlier processes of this profile, which are dead: regular files with their token in the
   * name, in folders they noted. A folder that cannot be reached now is kept for another time. Gives how many were removed.
   */
  clear(openRoot: (path: string) => Promise<Root>): Promise<number>
}

export function createWriteTraces(notes: string): WriteTraces {
  const token = randomBytes(4).toString('hex')
  const noted = new Set<string>()
  return {
    nameFor: (root, folder) => {
      const line = `${JSON.stringify({ root, folder })}\n`
      if (!noted.has(line) && noted.size < MOST_NOTED) {
        noted.add(line)
        note(notes, token, line)
      }
      return `.trestle-${token}${randomBytes(4).toString('hex')}.tmp`
    },
    clear: async (openRoot) => {
      const tokens = (await readdir(notes).catch(() => [])).filter((name) => tokenPattern.test(name) && name !== token)
      let removed = 0
      for (const dead of tokens) {
        const path = join(notes, dead)
        let isDone = true
        for (const trace of parseTraces(await readFile(path, 'utf8'))) {
          try {
            removed += await clearFolder(await openRoot(trace.root), trace.folder, dead)
          } catch (error) {
            if (error instanceof AppError && error.code === 'WORKSPACE_UNAVAILABLE') isDone = false
          }
        }
        if (isDone) await unlink(path)
      }
      return removed
    },
  }
}

/** A write does not fail because it could not be noted. */
function note(notes: string, token: string, line: string): void {
  try {
    mkdirSync(notes, { recursive: true, mode: 0o700 })
    appendFileSync(join(notes, token), line, { mode: 0o600 })
  } catch {
    // After a kill in the middle of a write here, its temporary file stays.
  }
}

/** The last line may be cut short by the kill. */
function parseTraces(text: string): readonly z.infer<typeof TraceSchema>[] {
  return text.slice(0, MOST_READ_BYTES).split('\n').flatMap((line) => {
    try {
      return [TraceSchema.parse(JSON.parse(line))]
    } catch {
      return []
    }
  })
}

async function clearFolder(root: Root, folder: string, token: string): Promise<number> {
  return withPlace(root, folder === '' ? '.' : folder, 'keep', async (place) => {
    if (place.kind !== 'directory') return 0
    const name = place.names[0]
    const directory = name === undefined ? place.directory : await place.directory.enter(name)
    let removed = 0
    try {
      for await (const entry of await opendir(directory.self, { encoding: nameEncoding })) {
        const found = decodeName(entry.name)
        if (!isTemporaryName(found) || !found.startsWith(`.trestle-${token}`)) continue
        if ((await lstatOrNull(directory.at(found)))?.isFile() !== true) continue
        await unlink(directory.at(found))
        removed += 1
      }
    } finally {
      if (name !== undefined) await directory.close()
    }
    return removed
  })
}
