import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clipOutput } from './clip'
import { applyEdit } from './files/apply-edit'
import { isProtectedPath } from './protected-paths'

const edit = (text: string, oldText: string, newText: string, replaceAll = false) => applyEdit(text, { oldText, newText, replaceAll })

describe('clipping', () => {
  test('what fits stays as it is; what does not keeps its head and tail around one line', () => {
    expect(clipOutput('short', 1_000)).toBe('short')
    const clipped = clipOutput(`${'head line\n'.repeat(500)}${'tail line\n'.repeat(500)}`, 1_000)
    expect(clipped.length).toBeLessThanOrEqual(1_000)
    expect(clipped).toMatch(/^(head line\n)+\[… \d+ characters left out; the whole output is kept with this call …\]\n(tail line\n)+$/)
  })

  test('the result is never longer than asked for, its parts are of the text, the number is right, and no character is halved', () => {
    const anyText = fc.oneof(fc.string({ unit: 'grapheme', minLength: 150, maxLength: 2_000 }), fc.array(fc.constantFrom('a\n', '😀', 'word ', '\r\n', 'é'), { minLength: 100, maxLength: 900 }).map((parts) => parts.join('')))
    fc.assert(fc.property(anyText, fc.integer({ min: 0, max: 1_500 }), (text, maxChars) => {
      const clipped = clipOutput(text, maxChars)
      if (text.length <= Math.max(200, maxChars)) {
        expect(clipped).toBe(text)
        return
      }
      const [, head = '', missing, tail = ''] = /^([\s\S]*)\n\[… (\d+) characters left out; the whole output is kept with this call …\]\n([\s\S]*)$/.exec(clipped) ?? []
      expect(clipped.length).toBeLessThanOrEqual(Math.max(200, maxChars))
      expect([text.startsWith(head), text.endsWith(tail), head.length + Number(missing) + tail.length]).toEqual([true, true, text.length])
      expect(clipped).not.toMatch(/\p{Surrogate}/u)
    }))
  })
})

describe('editing', () => {
  test('replaces literally, once or everywhere, and counts', () => {
    expect(edit('a $& b', '$&', '$1')).toEqual({ kind: 'edited', text: 'a $1 b', replacements: 1, line: 1 })
    expect(edit('x\nx\nx', 'x', 'yx', true)).toEqual({ kind: 'edited', text: 'yx\nyx\nyx', replacements: 3, line: 1 })
    expect(edit('one\ntwo', 'two', '')).toEqual({ kind: 'edited', text: 'one\n', replacements: 1, line: 2 })
  })

  test('several places, overlapping ones too, are named and left', () => {
    expect(edit('a\nb\na', 'a', 'c')).toEqual({ kind: 'ambiguous', count: 2, lines: [1, 3] })
    expect(edit('aaa', 'aa', 'c')).toMatchObject({ kind: 'ambiguous', count: 2 })
    expect(edit('x'.repeat(50), 'x', 'y')).toMatchObject({ count: 50, lines: Array.from({ length: 10 }, () => 1) })
  })

  test('what is not there is hinted at', () => {
    const text = 'function run() {\n\treturn  1\n}\n'
    expect(edit(text, 'function run() {\n  return 1\n}', 'x')).toEqual({ kind: 'missing', hint: ' Line 1 differs from it in white space only. The file has:\nfunction run() {\n\treturn  1\n}' })
    expect(edit(text, 'function run() {\n  return 2', 'x')).toEqual({ kind: 'missing', hint: ' Its first line is line 1 of the file, but line 2 is:\n\treturn  1' })
    expect(edit(text, 'FUNCTION', 'x')).toEqual({ kind: 'missing', hint: ' Line 1 is similar:\nfunction run() {' })
    expect(edit(text, 'elsewhere', 'x')).toEqual({ kind: 'missing', hint: '' })
  })

  test('a file with CRLF stays one', () => {
    expect(edit('one\r\ntwo\r\nthree', 'one\ntwo', '1\n2\n3')).toMatchObject({ text: '1\r\n2\r\n3\r\nthree' })
    expect(edit('one\r\ntwo\nthree', 'one', '1\n2')).toMatchObject({ text: '1\n2\r\ntwo\nthree' })
  })

  test('replacing and replacing back gives the same text', () => {
    const part = fc.array(fc.constantFrom('a', 'b', ' ', '\n', '\r\n', '$', '😀', '\\'), { maxLength: 6 }).map((parts) => parts.join(''))
    fc.assert(fc.property(part, part, part, part, (before, oldText, after, newText) => {
      fc.pre(oldText !== '' && newText !== '' && !(oldText + newText).includes('\r'))
      const there = edit(before + oldText + after, oldText, newText)
      if (there.kind !== 'edited') return
      const back = edit(there.text, newText, oldText)
      if (back.kind === 'edited' && !(before + after).includes('\r')) expect(back.text).toBe(before + oldText + after)
    }), { numRuns: 2_000 })
  })
})

describe('protected paths', () => {
  test.each([
    '.git/hooks/pre-commit', '.git/config', 'sub/.git/config', '.GIT/hooks/x', '.git', '.g\u200cit/config', 'git~1/config', '.git./config', '.git::$INDEX_ALLOCATION/config', 'a\\.git\\config',
    '.husky/pre-push', '.bashrc', 'home/.zshrc', '.vscode/tasks.json', '.idea/workspace.xml', 'x.code-workspace', '.envrc', '.env', '.env.local', '.trestle/settings.json',
    'package.json', 'packages/a/package.json', '.npmrc', '.yarnrc.yml', '.pnpmfile.cjs', '.github/workflows/ci.yml', '.pre-commit-config.yaml', '.ssh/authorized_keys', '.claude/settings.json', '.mcp.json',
  ])('%s asks', (path) => {
    expect(isProtectedPath(path)).toBe(true)
  })

  test.each(['src/app.ts', '.', '', 'git/config', 'config', 'docs/package.json.md', '.gitignore', 'environment.ts', 'src/hooks/use-thing.ts', 'vscode/tasks.json', '...'])('%s does not', (path) => {
    expect(isProtectedPath(path)).toBe(false)
  })
})
