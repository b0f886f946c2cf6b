// Runs in a mount namespace of its own: what happens on a small, on a read-only and on another file system.
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync, readlinkSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { register } from 'node:module'
import { join } from 'node:path'
register('./resolve-source.mjs', import.meta.url)

const { createFolders } = await import('../folders.ts')
const base = process.argv[2] ?? ''
const failure = (error: { code: string; message: string }) => ({ code: error.code, message: error.message })
const mount = (name: string, options: string) => {
  const path = join(base, name)
  mkdirSync(path, { recursive: true })
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'none', path])
  return path
}

const small = mount('small', 'size=64k')
const full = await createFolders({ binFolder: join(base, 'bin'), tracesFolder: join(base, 'traces') }).open(small)
await full.writeText('old', 'before', null)
const big = 'x'.repeat(100_000)
const fullError = await full.writeText('deep/new.txt', big, null).catch(failure)
const fullOverwrite = await full.writeText('old', big, full.hashText('before')).catch((error) => error.code)

const locked = mount('locked', 'size=64k')
writeFileSync(join(locked, 'a'), 'x')
execFileSync('mount', ['-o', 'remount,ro', locked])
const readOnly = await (await createFolders({ binFolder: join(base, 'bin'), tracesFolder: join(base, 'traces') }).open(locked)).writeText('a', 'y', full.hashText('x')).catch(failure)

const other = mount('other', 'size=1m')
const folders = createFolders({ binFolder: join(base, 'bin'), tracesFolder: join(base, 'traces') })
mkdirSync(join(other, 'tree/sub'), { recursive: true })
writeFileSync(join(other, 'tree/a.txt'), 'aaaa')
writeFileSync(join(other, 'tree/sub/b.txt'), 'bbb')
chmodSync(join(other, 'tree/sub'), 0o750)
chmodSync(join(other, 'tree/a.txt'), 0o640)
writeFileSync(join(base, 'canary'), 'untouched')
symlinkSync('../../canary', join(other, 'tree/link'))
const folder = await folders.open(other)
const binned = await folder.moveToBin('tree', 'one')
const afterBin = readdirSync(other)
await folder.restoreFromBin('one', 'tree')
const mode = (path: string) => (statSync(join(other, path)).mode & 0o777).toString(8)

process.stdout.write(JSON.stringify({
  full: fullError, fullOverwrite, fullKeeps: readdirSync(small), fullText: readFileSync(join(small, 'old'), 'utf8'), readOnly, binned, afterBin,
  restored: readdirSync(other, { recursive: true }).sort(), link: readlinkSync(join(other, 'tree/link')),
  modes: [mode('tree/sub'), mode('tree/a.txt')], canary: readFileSync(join(base, 'canary'), 'utf8'), binAfter: readdirSync(join(base, 'bin')),
}))
