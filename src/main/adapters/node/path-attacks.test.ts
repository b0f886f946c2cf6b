import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { WorkspaceFolder } from '#core/ports/workspace-files'
import { attacks, proved } from '../../../testing/attacks'
import { treeOf } from '../../../testing/workbench'
import { canReachByHandle } from './files/directory'
import { createFolders } from './folders'

const SECRET = 'canary-of-the-outside'
let base: string
let root: string
let outside: string
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'trestle-paths-')))
  root = join(base, 'work')
  outside = join(base, 'outside')
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

/** Anew, as an attack may have moved what is inside. */
function makeInside(): void {
  rmSync(root, { recursive: true, force: true })
  mkdirSync(join(root, 'sub/deep'), { recursive: true })
  for (const path of ['in.txt', 'sub/in.txt', 'sub/deep/in.txt']) writeFileSync(join(root, path), 'inside')
  const links = { 'file-link': join(outside, 'secret.txt'), 'folder-link': outside, relative: '../outside', dangling: join(outside, 'nothing'), 'sub/up': '../..', self: '.', 'sub-link': 'sub', far: 'sub/up/outside', proc: '/proc/self/cwd' }
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(root, name))
}

function makeOutside(): void {
  for (const folder of [outside, join(base, 'work-sibling'), join(base, 'bin')]) mkdirSync(folder, { recursive: true })
  for (const path of [join(outside, 'secret.txt'), join(outside, 'in.txt'), join(base, 'work-sibling/secret.txt')]) writeFileSync(path, SECRET)
}

const outsideNow = () => ({ outside: treeOf(outside, []), sibling: treeOf(join(base, 'work-sibling'), []), beside: readdirSync(base).sort() })

const piece = fc.constantFrom(
  '..', '..', '..', '.', '', 'sub', 'deep', 'in.txt', 'new', 'folder-link', 'file-link', 'relative', 'dangling', 'up', 'self', 'sub-link', 'far', 'proc', 'outside', 'secret.txt', 'work-sibling', '..\\', '..\\..\\outside',
  '%2e%2e', '%2e%2e%2foutside', '..%00', '\0', '..\0', '~', '．．', '․․', '..;', '..\u200b', '. .', '...', 'CON', 'nul.txt', 'con:stream', 'a'.repeat(256), 'n'.repeat(90), '\n', '-rf', '$(pwd)', '\ud800', 'root', 'cwd',
)
const start = fc.constantFrom('', '', '', './', '/', '//', 'OUTSIDE/', 'ROOT/', 'ROOT-sibling/', 'ROOT/../outside/', 'file://', 'file:///', '\\\\?\\', 'C:\\', '/proc/self/cwd/', '/proc/self/root', '/dev/fd/0/', '~/')
const path = fc.tuple(start, fc.array(piece, { maxLength: 7 }), fc.constantFrom('/', '/', '//', '\\', '/./')).map(([head, pieces, separator]) => head + pieces.join(separator))
const spelled = (text: string) => text.replace('OUTSIDE', outside).replace('ROOT', root)

const operations: readonly ((folder: WorkspaceFolder, path: string) => Promise<unknown>)[] = [
  (folder, at) => folder.resolve(at), (folder, at) => folder.readText(at, 1000), (folder, at) => folder.readLines(at, 1, 10, 1000), (folder, at) => folder.readBinary(at, 1000), (folder, at) => folder.makeFolder(at),
  async (folder, at) => folder.writeText(at, 'written', await folder.hash(at)), (folder, at) => folder.writeText(at, 'written', null), (folder, at) => folder.move(at, 'sub/moved'), (folder, at) => folder.move('in.txt', at),
  (folder, at) => folder.list(at, 100), (folder, at) => folder.hash(at), (folder, at) => folder.moveToBin(at, `bin-${Math.random()}`), (folder, at) => folder.restoreFromBin('kept', at),
]

const CASES = attacks(1500, 30_000)

test.each([['through handles', canReachByHandle], ['by paths', false]])(`no path that anyone wrote leads outside, %s: ${CASES} of them over every way to files`, async (_name, byHandle) => {
  makeOutside()
  makeInside()
  const before = outsideNow()
  let tried = 0
  const fresh = async () => {
    makeInside()
    rmSync(join(base, 'bin'), { recursive: true, force: true })
    mkdirSync(join(base, 'bin'))
    const folder = await createFolders({ binFolder: join(base, 'bin'), tracesFolder: join(base, 'bin', 'traces'), byHandle }).open(root)
    await folder.moveToBin('sub/in.txt', 'kept')
    return folder
  }
  let folder = await fresh()
  await fc.assert(fc.asyncProperty(path, fc.constantFrom(...operations), async (text, operation) => {
    if (++tried % 40 === 0) {
      expect(outsideNow()).toEqual(before)
      folder = await fresh()
    }
    const said = await operation(folder, spelled(text)).then((value) => JSON.stringify(value ?? null), (error: Error) => error.message)
    // Of a link out, not even how long what it leads to is.
    expect(said).not.toContain(SECRET)
    expect(said).not.toContain(outside)
  }), { numRuns: CASES, endOnFailure: true })
  expect(outsideNow()).toEqual(before)
}, 600_000)

test('the count of them', (context) => proved(context, 'paths', CASES * 2))

const RACES = attacks(600, 10_000)

test.runIf(canReachByHandle)(`a folder that becomes a link while we look: ${RACES} races over every way to files`, async (context) => {
  makeOutside()
  makeInside()
  mkdirSync(join(root, 'flip'))
  writeFileSync(join(root, 'flip/in.txt'), 'inside')
  const folder = await createFolders({ binFolder: join(base, 'bin'), tracesFolder: join(base, 'bin', 'traces') }).open(root)
  const before = outsideNow()
  const swapper = fork(join(import.meta.dirname, 'testing/swap-forever.mjs'), [join(root, 'flip'), outside])
  await once(swapper, 'message')
  const outcomes = { done: 0, refused: 0 }
  try {
    for (let round = 0; round < RACES; round++) {
      const at = round % 3 === 0 ? `flip/made-${round}` : 'flip/in.txt'
      const operation = operations[round % operations.length] ?? operations[0]
      await operation?.(folder, at).then((value) => {
        expect(JSON.stringify(value ?? null)).not.toContain(SECRET)
        outcomes.done += 1
      }, () => (outcomes.refused += 1))
      // What was moved away is put back, so that there is something to race for.
      await folder.writeText('flip/in.txt', 'inside', null).catch(() => undefined)
      await folder.writeText('in.txt', 'inside', null).catch(() => undefined)
    }
  } finally {
    expect(swapper.exitCode).toBe(null)
    swapper.kill('SIGKILL')
    await once(swapper, 'exit')
  }
  expect(outsideNow()).toEqual(before)
  expect(readFileSync(join(outside, 'in.txt'), 'utf8')).toBe(SECRET)
  expect(outcomes.done).toBeGreaterThan(0)
  expect(outcomes.refused).toBeGreaterThan(0)
  proved(context, 'link-swap races', RACES)
}, 600_000)
