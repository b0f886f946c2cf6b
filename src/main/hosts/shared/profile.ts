import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '#core/errors'

const ID_FILE = 'profile-id'

/** Makes the folder for this person alone and gives its real path. Throws AppError PERMISSION_DENIED. */
export async function prepareProfile(folder: string): Promise<string> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    return await realpath(folder)
  } catch (cause) {
    throw new AppError('PERMISSION_DENIED', `The profile folder ${folder} cannot be made or opened. Choose another one.`, { cause })
  }
}

/** What tells the keys of this profile from those of others; moves with the folder. */
export async function profileIdOf(folder: string): Promise<string> {
  const path = join(folder, ID_FILE)
  // The first one wins, and nobody sees it before it is whole; everyone reads what is there.
  const draft = `${path}.${randomUUID()}.tmp`
  await writeFile(draft, randomUUID(), { mode: 0o600 }).then(() => link(draft, path))
    // Not every disk has links.
    .catch(() => writeFile(path, randomUUID(), { flag: 'wx', mode: 0o600 })).catch(() => {})
  await rm(draft, { force: true }).catch(() => {})
  return (await readFile(path, 'utf8')).trim()
}
