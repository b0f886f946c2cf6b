import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8')

const themes = ['light', 'dark', 'light contrast', 'dark contrast']

/** As the page has them: the colours of more contrast lie over those of the theme. */
function tokensOf(theme: string): ReadonlyMap<string, string> {
  const [base = '', contrast] = theme.split(' ')
  const plain = colorsIn(`data-theme='${base}'] {`)
  return new Map([...plain, ...(contrast === undefined ? [] : colorsIn(`data-theme='${base}'][data-contrast='more'] {`))])
}

function colorsIn(selector: string): readonly (readonly [string, string])[] {
  const block = css.split(selector)[1]?.split('}')[0] ?? ''
  return [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map((match) => [match[1] ?? '', match[2] ?? ''])
}

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((left, right) => left - right)
  return (light + 0.05) / (dark + 0.05)
}

const planes = ['canvas', 'surface', 'raised', 'sunken', 'hover']
const textPairs: readonly (readonly [string, string])[] = [
  ...['ink', 'muted', 'accent', 'danger', 'warning', 'success'].flatMap((text) => planes.map((plane) => [text, plane] as const)),
  ...['keyword', 'string', 'comment', 'constant', 'function', 'parameter', 'punctuation'].flatMap((kind) => ['sunken', 'surface'].map((plane) => [`tok-${kind}`, plane] as const)),
  ...['red', 'green', 'yellow', 'blue', 'magenta', 'cyan'].flatMap((colour) => ['sunken', 'surface'].map((plane) => [`ansi-${colour}`, plane] as const)),
  ['ink', 'accent-soft'], ['muted', 'accent-soft'], ['ink', 'danger-soft'], ['ink', 'warning-soft'], ['danger', 'danger-soft'],
  ['muted', 'danger-soft'], ['muted', 'warning-soft'], ['muted', 'success-soft'],
  ['warning', 'warning-soft'], ['success', 'success-soft'], ['on-accent', 'accent'], ['on-accent', 'accent-hover'], ['on-danger', 'danger'],
  ['canvas', 'warning'],
]

test.each(themes)('text is readable in the %s theme', (theme) => {
  const tokens = tokensOf(theme)
  const tooWeak = textPairs
    .map(([text, plane]) => ({ text, plane, value: contrast(tokens.get(text) ?? '#000000', tokens.get(plane) ?? '#000000') }))
    .filter((pair) => pair.value < 4.5)
  expect(tooWeak).toEqual([])
})

test.each(themes)('borders of fields stand out in the %s theme', (theme) => {
  const tokens = tokensOf(theme)
  for (const plane of ['surface', 'raised', 'canvas']) {
    expect(contrast(tokens.get('line-strong') ?? '', tokens.get(plane) ?? '')).toBeGreaterThanOrEqual(3)
  }
})

test.each(themes.slice(2))('text of the window has a contrast of 7 in the %s theme', (theme) => {
  const tokens = tokensOf(theme)
  const own = textPairs.filter(([text]) => !/^(?:tok|ansi)-/.test(text))
  expect(own.filter(([text, plane]) => contrast(tokens.get(text) ?? '#000000', tokens.get(plane) ?? '#000000') < 7)).toEqual([])
})

test('both themes have every colour', () => {
  expect([...tokensOf('dark').keys()].sort()).toEqual([...tokensOf('light').keys()].sort())
})
