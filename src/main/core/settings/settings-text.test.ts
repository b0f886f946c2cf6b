import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SettingsSchema } from '#contract/settings'
import { editJsonc } from './edit-jsonc'
import { jsonValue, parseJsonc } from './jsonc'
import { newSettingsText, patchSettingsText, readSettings } from './settings-text'

const problemOf = (text: string) => {
  const read = readSettings(text)
  return 'problem' in read ? read.problem : null
}

describe('the text of the settings', () => {
  test('has comments and trailing commas', () => {
    const read = readSettings('\uFEFF// mine\n{\n  /* dark at night */ "theme": "dark",\n  "limits": { "maxSteps": 7, },\n}\n')
    expect(read).toMatchObject({ settings: { theme: 'dark', limits: { maxSteps: 7, maxMinutes: 30 } }, unknown: [] })
  })

  test.each([
    ['{ "theme": dark }', 'no value', 1, 12],
    ['{\n  "theme": "dark"\n  "demo": true\n}', 'comma', 3, 3],
    ['{\n  "theme": "dark",\n', 'ends too early', 3, 1],
    ['{ "theme": "dark" } }', 'Nothing may follow', 1, 21],
    ['{\n  "demo": true,\n  "demo": false\n}', 'here twice', 3, 3],
    ['[]', 'object', 1, 1],
    ['{ /* never closed', 'not closed', 1, 3],
    ['{ "theme": "da\nrk" }', 'not closed', 1, 12],
    ['{\n  "theme": "purple"\n}', 'theme', 2, 12],
    ['{\n  "limits": {\n    "maxSteps": -3\n  }\n}', 'limits.maxSteps', 3, 17],
    ['{\n  "shortcuts": { "view.left": ["Nonsense keys"] }\n}', 'shortcuts.view.left', 2, 32],
    ['{ "compatible": [{ "id": "openai", "name": "x", "baseUrl": "http://x" }] }', 'taken', 1, 26],
  ])('%j is refused with its place', (text, message, line, column) => {
    expect(problemOf(text)).toMatchObject({ message: expect.stringContaining(message), line, column })
  })

  test('keeps what this version does not know, and names it', () => {
    expect(readSettings('{ "fromLater": { "a": 1 }, "$schema": "x" }')).toMatchObject({ unknown: ['fromLater'] })
  })

  test('is empty for settings that are all default', () => {
    expect(readSettings(newSettingsText(SettingsSchema.parse({})))).toEqual({ settings: SettingsSchema.parse({}), unknown: [] })
    expect(readSettings('')).toMatchObject({ settings: { theme: 'system' } })
  })
})

describe('a change from the window', () => {
  const mine = `// my settings
{
  "theme": "light", // for the day
  "fromLater": [1, 2],
  "limits": {
    // plenty
    "maxSteps": 500,
    "future": true
  },
  "shortcuts": {
    "go.home": ["F2"],
    "view.left": []
  }
}
`
  test('leaves comments, order and unknown keys', () => {
    const limits = { ...SettingsSchema.parse({}).limits, maxSteps: 9 }
    expect(patchSettingsText(mine, { theme: 'dark', limits, shortcuts: { 'go.home': ['F4'] }, demo: true })).toBe(`// my settings
{
  "theme": "dark", // for the day
  "fromLater": [1, 2],
  "limits": {
    // plenty
    "maxSteps": 9,
    "future": true
  },
  "shortcuts": {
    "go.home": ["F4"],
  },
  "demo": true
}
`.replace('["F4"]', '[\n      "F4"\n    ]'))
  })

  test('takes the place of a value that was not valid', () => {
    expect(readSettings(patchSettingsText('{ "theme": "purple", }', { theme: 'dark' }))).toMatchObject({ settings: { theme: 'dark' } })
  })

  test('fills an empty file', () => {
    expect(readSettings(patchSettingsText('', { demo: true }))).toMatchObject({ settings: { demo: true } })
    expect(patchSettingsText('{\n  // nothing yet\n}', { demo: true })).toBe('{\n  // nothing yet\n  "demo": true\n}')
  })
})

const json = fc.jsonValue({ maxDepth: 4 }).filter((value) => !JSON.stringify(value).includes('"__proto__"'))
const values = fc.dictionary(fc.string(), fc.oneof(json, fc.dictionary(fc.string(), json)))

test('every JSON is read as JSON.parse reads it', () => {
  fc.assert(fc.property(json, fc.constantFrom(0, 2), (value, space) => {
    const parsed = parseJsonc(JSON.stringify(value, null, space))
    expect('root' in parsed ? jsonValue(parsed.root) : parsed).toEqual(JSON.parse(JSON.stringify(value)))
  }))
})

test('no text makes the reader throw or run on, and what strict JSON takes it takes too', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'{}[]",:/*\\ \n1ae-.'.split('')) })), (text) => {
    const parsed = parseJsonc(text)
    expect('root' in parsed || parsed.problem.offset <= text.length).toBe(true)
  }))
})

test('an edited text has the new values, whatever it was', () => {
  fc.assert(fc.property(values, values, (before, after) => {
    const clean = (value: object) => JSON.parse(JSON.stringify(value))
    const edited = parseJsonc(editJsonc(JSON.stringify(before, null, 2), clean(before), clean(after)))
    expect('root' in edited ? jsonValue(edited.root) : edited).toEqual(clean(after))
  }))
})
