import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { prepareProfile, profileIdOf } from './profile'
import { defaultProfilePath } from './profile-path'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trestle-profile-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('a profile folder', () => {
  it('is made for one person', async () => {
    const path = await prepareProfile(join(folder, 'a', 'b'))
    expect((await stat(path)).mode & 0o777).toBe(0o700)
    expect(await prepareProfile(path)).toBe(path)
  })

  it('is a clear error where it cannot be', async () => {
    await writeFile(join(folder, 'file'), '')
    await expect(prepareProfile(join(folder, 'file', 'x'))).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
  })

  it('has an id that stays, also when several ask at once', async () => {
    const ids = await Promise.all([profileIdOf(folder), profileIdOf(folder), profileIdOf(folder)])
    expect(new Set([...ids, await profileIdOf(folder)]).size).toBe(1)
    expect(ids[0]).toMatch(/^[\da-f-]{36}$/)
  })

  it('is where the system keeps data of applications', () => {
    expect([
      defaultProfilePath('linux', {}, '/home/a'), defaultProfilePath('linux', { XDG_DATA_HOME: '/data' }, '/home/a'), defaultProfilePath('darwin', {}, '/Users/a'), defaultProfilePath('win32', { APPDATA: 'R' }, 'h'),
    ]).toEqual(['/home/a/.local/share/trestle', '/data/trestle', '/Users/a/Library/Application Support/Trestle', join('R', 'Trestle')])
  })
})
