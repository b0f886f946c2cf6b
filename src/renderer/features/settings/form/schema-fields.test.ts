import { expect, test } from 'vitest'
import { AppearanceSchema, CheckpointSettingsSchema, DesktopSettingsSchema, LimitsSchema, NotificationSettingsSchema, SettingsSchema } from '#contract/settings'
import { fieldProblem, fieldValue, schemaFields } from './schema-fields'

const fieldOf = (schema: Parameters<typeof schemaFields>[0], key: string) => {
  const field = schemaFields(schema).find((candidate) => candidate.key === key)
  if (field === undefined) throw new Error(`no field ${key}`)
  return field
}

test('every group of settings has a field for each of its keys', () => {
  for (const schema of [LimitsSchema, CheckpointSettingsSchema, AppearanceSchema, NotificationSettingsSchema, DesktopSettingsSchema]) {
    expect(schemaFields(schema).map(({ key }) => key)).toEqual(Object.keys(schema.shape))
  }
})

test('choices have words, numbers their range, and what may be empty says so', () => {
  expect(fieldOf(SettingsSchema, 'theme')).toMatchObject({ kind: 'choice', title: 'Theme', choices: expect.arrayContaining([{ value: 'contrast-dark', label: 'High contrast, dark' }]) })
  expect(fieldOf(LimitsSchema, 'maxSteps')).toMatchObject({ kind: 'number', integer: true, min: 1, max: 10_000, nullable: false })
  expect(fieldOf(LimitsSchema, 'maxTokens')).toMatchObject({ kind: 'number', nullable: true, max: null })
  expect(fieldOf(CheckpointSettingsSchema, 'automatic')).toMatchObject({ kind: 'boolean' })
  expect(fieldOf(DesktopSettingsSchema, 'quickPromptKeys')).toMatchObject({ kind: 'keys', nullable: true })
})

test.each([
  [LimitsSchema, 'maxSteps', '12', null],
  [LimitsSchema, 'maxSteps', '0', 'A whole number from 1 up to 10,000. The old one still counts.'],
  [LimitsSchema, 'maxSteps', '1.5', 'A whole number from 1 up to 10,000. The old one still counts.'],
  [LimitsSchema, 'maxSteps', '', 'A whole number from 1 up to 10,000. The old one still counts.'],
  [LimitsSchema, 'maxTokens', '', null],
  [LimitsSchema, 'maxCostUsd', '-1', 'A number above 0. The old one still counts.'],
  [DesktopSettingsSchema, 'quickPromptKeys', 'Mod+Shift+Space', null],
  [DesktopSettingsSchema, 'quickPromptKeys', 'Hyper+Q', 'A shortcut looks like Mod+Shift+K'],
  [DesktopSettingsSchema, 'quickPromptKeys', '', null],
])('%#: %s with %j', (schema, key, text, problem) => {
  expect(fieldProblem(fieldOf(schema, key), schema, text)).toBe(problem)
})

test('an empty field that may be empty is null, and a number is a number', () => {
  expect(fieldValue(fieldOf(LimitsSchema, 'maxTokens'), ' ')).toBeNull()
  expect(fieldValue(fieldOf(LimitsSchema, 'maxSteps'), ' 7 ')).toBe(7)
})
