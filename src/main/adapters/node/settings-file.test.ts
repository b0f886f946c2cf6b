import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSettingsFile } from './settings-file'
import { systemClock } from './system'

let folder = ''
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'trestle-settings-')))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const open = (path = join(folder, 'settings.json')) => createSettingsFile({ path, clock: systemClock })

test('it is written in one step, for its owner alone, and nothing is left beside it', () => {
  const file = open()
  expect(file.read()).toBeNull()
  file.write('{}')
  file.write('{ "demo": true }')
  expect(file.read()).toBe('{ "demo": true }')
  expect(readdirSync(folder)).toEqual(['settings.json'])
  if (process.platform !== 'win32') expect(statSync(file.path).mode & 0o777).toBe(0o600)
})

test('a link stays a link, and the file behind it is written', () => {
  mkdirSync(join(folder, 'dotfiles'))
  const real = join(folder, 'dotfiles', 'trestle.json')
  writeFileSync(real, '{}')
  symlinkSync(real, join(folder, 'settings.json'))
  open().write('{ "theme": "dark" }')
  expect(lstatSync(join(folder, 'settings.json')).isSymbolicLink()).toBe(true)
  expect(readFileSync(real, 'utf8')).toBe('{ "theme": "dark" }')
})

test('what is no file or is far too large is refused', () => {
  const file = open()
  mkdirSync(file.path)
  expect(() => file.read()).toThrow(expect.objectContaining({ code: 'CONFLICT' }))
  rmSync(file.path, { recursive: true })
  writeFileSync(file.path, ' '.repeat(1_000_001))
  expect(() => file.read()).toThrow(expect.objectContaining({ code: 'FILE_TOO_LARGE' }))
})

test('a change by somebody else is told within a second, however their editor writes', async () => {
  const file = open()
  file.write('{}')
  const changed = async (change: () => void) => {
    const at = performance.now()
    const text = await new Promise<string | null>((resolve) => {
      const stop = file.watch(() => {
        stop()
        resolve(file.read())
      })
      change()
    })
    return { text, inTime: performance.now() - at < 1000 }
  }
  expect(await changed(() => writeFileSync(file.path, '{ "a": 1 }'))).toEqual({ text: '{ "a": 1 }', inTime: true })
  expect(await changed(() => {
    writeFileSync(join(folder, '4913'), '{ "a": 2 }')
    renameSync(join(folder, '4913'), file.path)
  })).toEqual({ text: '{ "a": 2 }', inTime: true })
})
