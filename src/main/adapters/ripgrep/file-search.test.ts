import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type SearchQuery, SearchQuerySchema } from '#contract/find-in-files'
import { createFileSearch } from './file-search'

let root: string
const fileSearch = createFileSearch()
const never = new AbortController().signal
const query = (pattern: string, more: Partial<SearchQuery> = {}) => SearchQuerySchema.parse({ pattern, ...more })

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'trestle-find-')))
  await put({
    '.gitignore': '*.log\n', 'src/app.ts': 'const Needle = needle\r\nneedles\n', 'src/deep/x.test.ts': 'needle (1)\n', 'docs/a.md': 'a needle, ünï 🚢 needle\n',
    'x.log': 'needle\n', '.git/config': 'needle\n', 'binary.bin': '\0\0needle\n',
  })
})
afterEach(() => rm(root, { recursive: true, force: true }))

async function put(files: Record<string, string | Buffer>) {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), content)
  }
}

async function find(pattern: string, more: Partial<SearchQuery> = {}, most = 100) {
  const found: string[] = []
  await fileSearch.run(root, query(pattern, more), (path, { line, column, text, start, end }) => {
    found.push(`${path}:${line}:${column} ${text.slice(0, start)}[${text.slice(start, end)}]${text.slice(end)}`)
    return found.length < most
  }, never)
  return found.sort()
}

test('finds each match, with what is around it', async () => {
  expect(await find('needle')).toEqual([
    'docs/a.md:1:2 a [needle], ünï 🚢 needle', 'docs/a.md:1:21 a needle, ünï 🚢 [needle]', 'src/app.ts:1:15 const Needle = [needle]', 'src/app.ts:1:6 const [Needle] = needle', 'src/app.ts:2:0 [needle]s', 'src/deep/x.test.ts:1:0 [needle] (1)',
  ])
  expect(await find('needle', {}, 2)).toHaveLength(2)
})

test('minds case, words, expressions, files that are included, excluded and ignored', async () => {
  expect(await find('Needle', { matchCase: true })).toHaveLength(1)
  expect(await find('needle', { wholeWord: true, include: 'src' })).toEqual(['src/app.ts:1:15 const Needle = [needle]', 'src/app.ts:1:6 const [Needle] = needle', 'src/deep/x.test.ts:1:0 [needle] (1)'])
  expect(await find('e (1)')).toEqual(['src/deep/x.test.ts:1:5 needl[e (1)]'])
  expect(await find('^needles$', { isRegex: true })).toEqual(['src/app.ts:2:0 [needles]'])
  expect((await find('needle', { include: '*.md, *.test.ts' })).map((line) => line.split(':')[0])).toEqual(['docs/a.md', 'docs/a.md', 'src/deep/x.test.ts'])
  expect((await find('needle', { exclude: 'docs, *.test.ts' })).every((line) => line.startsWith('src/app.ts'))).toBe(true)
  expect((await find('needle', { withIgnored: true })).some((line) => line.startsWith('x.log'))).toBe(true)
  expect((await find('needle', { include: '*.log' }))).toEqual([])
})

test('patterns and globs are arguments, never options, and a bad one is refused in words', async () => {
  await put({ 'dash.txt': '--files -e x\n' })
  expect(await find('--files')).toEqual(['dash.txt:1:0 [--files] -e x'])
  expect(await find('-e', { include: '--pre=touch' })).toEqual([])
  await expect(find('(', { isRegex: true })).rejects.toMatchObject({ code: 'INVALID_PARAMETERS' })
  await expect(find('x', { exclude: '[' })).rejects.toMatchObject({ code: 'INVALID_PARAMETERS' })
})

test('links are not followed, and a line of megabytes is shown in part', async () => {
  const outside = await mkdtemp(join(tmpdir(), 'trestle-outside-'))
  await writeFile(join(outside, 'secret.txt'), 'needle secret')
  await symlink(outside, join(root, 'link'))
  await put({ 'long.txt': `${'x'.repeat(3_000_000)}harbour${'y'.repeat(2_000_000)}` })
  expect(await find('secret')).toEqual([])
  expect((await find('harbour')).map((line) => line.length)).toEqual([`long.txt:1:3000000 …`.length + 60 + '[harbour]'.length + 200 + 1])
  await rm(outside, { recursive: true })
})

test('a name that is no UTF-8 is found under the name that everything else takes', async () => {
  await writeFile(Buffer.concat([Buffer.from(`${root}/bad`), Buffer.from([0xff])]), 'harbour')
  expect(await find('harbour')).toEqual(['bad\udcff:1:0 [harbour]'])
})

test('replacements know groups in expressions only, and where they go', async () => {
  const made = async (text: string, pattern: string, replacement: string, more: Partial<SearchQuery> = {}) => (await fileSearch.replacements(text, query(pattern, more), replacement, never))
  expect(await made('ünï foo\r\nfoo foo', 'foo', '$1$')).toEqual([
    { line: 1, column: 6, offset: 6, bytes: 3, text: '$1$' }, { line: 2, column: 0, offset: 11, bytes: 3, text: '$1$' }, { line: 2, column: 4, offset: 15, bytes: 3, text: '$1$' },
  ])
  expect((await made('ab ba', '(a)(b)', '$2-$1', { isRegex: true })).map(({ text }) => text)).toEqual(['b-a'])
  expect((await made('end\r\n', 'end$', 'x', { isRegex: true })).map(({ offset, bytes }) => [offset, bytes])).toEqual([[0, 3]])
})

test('cancelling ends it', async () => {
  const reason = new Error('stop')
  await expect(fileSearch.run(root, query('x'), () => true, AbortSignal.abort(reason))).rejects.toBe(reason)
})
