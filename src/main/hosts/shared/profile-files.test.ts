import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { newId, systemClock } from '../../adapters/node/system'
import { openStore } from '../../adapters/sqlite'
import { createProfileFiles, runPendingAction } from './profile-files'

let profile = ''
beforeEach(() => {
  profile = realpathSync(mkdtempSync(join(tmpdir(), 'trestle-profile-')))
})
afterEach(() => rmSync(profile, { recursive: true, force: true }))

const logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
const open = () => openStore({ path: join(profile, 'trestle.db'), backupFolder: join(profile, 'backups'), clock: systemClock, newId, logger })
const files = (opened: ReturnType<typeof open>) => createProfileFiles({ profile, clock: systemClock, backUpNow: () => opened.backup.now() })
const pendingAction = () => runPendingAction({ profile, clock: systemClock, newId, appVersion: '1' })
const put = (opened: ReturnType<typeof open>, value: string) => opened.store.transaction(() => { opened.store.flags.put('mark', value) })

test('going back to a backup brings its database, and keeps the one of before aside', async () => {
  const first = open()
  put(first, 'old')
  const backup = await files(first).backUp()
  put(first, 'new')
  await files(first).atNextStart({ action: 'restore', backup: backup.name })
  expect((await files(first).look()).pending).toEqual({ action: 'restore', backup: backup.name })
  await expect(pendingAction()).rejects.toMatchObject({ code: 'PROFILE_IN_USE' })
  await first.close()
  await files(first).atNextStart({ action: 'restore', backup: backup.name })
  expect(await pendingAction()).toBeNull()
  const second = open()
  expect(second.store.flags.get('mark')).toBe('old')
  expect(second.store.notices.list()).toMatchObject([{ level: 'info', text: expect.stringContaining('went back to the backup') }])
  expect(readdirSync(join(profile, 'quarantine')).some((name) => name.endsWith('trestle.db'))).toBe(true)
  expect(await pendingAction()).toBeNull()
  await second.close()
})

test('a backup that is damaged changes nothing and is told', async () => {
  const first = open()
  put(first, 'mine')
  const backup = await files(first).backUp()
  await files(first).atNextStart({ action: 'restore', backup: backup.name })
  await first.close()
  writeFileSync(join(profile, 'backups', backup.name), 'no database')
  expect(await pendingAction()).toContain('Nothing was changed')
  const second = open()
  expect(second.store.flags.get('mark')).toBe('mine')
  await second.close()
})

test('a backup outside of the folder cannot be asked for', async () => {
  const opened = open()
  await expect(files(opened).atNextStart({ action: 'restore', backup: '../trestle.db' })).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' })
  await opened.close()
})

test('erasing leaves nothing, and what was not meant is taken back', async () => {
  const opened = open()
  put(opened, 'secret')
  await files(opened).backUp()
  writeFileSync(join(profile, 'settings.json'), '{}')
  await files(opened).atNextStart({ action: 'erase' })
  await files(opened).atNextStart(null)
  await opened.close()
  expect(await pendingAction()).toBeNull()
  expect(existsSync(join(profile, 'trestle.db'))).toBe(true)
  await files(opened).atNextStart({ action: 'erase' })
  expect(await pendingAction()).toBeNull()
  expect(readdirSync(profile)).toEqual(['profile.lock'])
})

test('an export has the database, the settings, and a line per session', async () => {
  const opened = open()
  put(opened, 'x')
  writeFileSync(join(profile, 'settings.json'), '{ "theme": "dark" }')
  const { path, sessions, bytes } = await files(opened).export(['{"a":1}\n', '{"b":2}\n'])
  expect([sessions, readFileSync(join(path, 'sessions.jsonl'), 'utf8'), readFileSync(join(path, 'settings.json'), 'utf8')]).toEqual([2, '{"a":1}\n{"b":2}\n', '{ "theme": "dark" }'])
  expect(bytes).toBeGreaterThan(1000)
  await expect(files(opened).export((function* () {
    yield 'half'
    throw new Error('the disk went away')
  })())).rejects.toMatchObject({ code: 'DISK_FULL' })
  expect(readdirSync(join(profile, 'exports'))).toHaveLength(1)
  await opened.close()
})
