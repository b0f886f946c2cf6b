import { type Settings, type SettingsPatch, type SettingsProblem, SettingsSchema } from '#contract/settings'
import { editJsonc, isEqual } from './edit-jsonc'
import { type JsonNode, jsonValue, parseJsonc, placeOf } from './jsonc'

/** The file as it is read: what it sets, or the first thing that is wrong with it. */
export type ReadSettings =
  | { readonly settings: Settings; readonly unknown: readonly string[] }
  | { readonly problem: SettingsProblem; readonly isJson: boolean }

const header = `// The settings of Trestle. Changes count as soon as this file is saved; what is left out has its default.
// Keys of providers have no place here: set them in the window, they are kept in the keychain of the system.
`
const reservedProviders: ReadonlySet<string> = new Set(['openai', 'anthropic', 'demo'])

export function readSettings(text: string): ReadSettings {
  const parsed = text.trim() === '' ? parseJsonc('{}') : parseJsonc(text)
  if ('problem' in parsed) return { problem: { message: parsed.problem.message, ...placeOf(text, parsed.problem.offset) }, isJson: false }
  const { root } = parsed
  if (root.kind !== 'object') return { problem: { message: 'The settings are an object: { … }.', line: 1, column: 1 }, isJson: false }
  const result = SettingsSchema.safeParse(jsonValue(root))
  const [issue] = result.success ? serverIssues(result.data) : result.error.issues
  if (issue !== undefined) {
    const path = issue.path.map(String)
    return { problem: { message: `${path.join('.')}: ${issue.message}`, ...placeOf(text, nodeAt(root, path).start) }, isJson: true }
  }
  if (!result.success) throw new Error('a refused file without an issue')
  return { settings: result.data, unknown: root.members.map(({ key }) => key).filter((key) => !Object.hasOwn(SettingsSchema.shape, key) && key !== '$schema') }
}

/** A new file with what differs from the defaults. */
export function newSettingsText(settings: Settings): string {
  const defaults: Readonly<Record<string, unknown>> = SettingsSchema.parse({})
  const set = Object.fromEntries(Object.entries(settings).filter(([key, value]) => !isEqual(value, defaults[key])))
  return `${header}${JSON.stringify(set, null, 2)}\n`
}

/** The text with the changes of a patch in it. What is not understood in it stays. */
export function patchSettingsText(text: string, patch: SettingsPatch): string {
  const whole = text.trim() === '' ? `${header}{}\n` : text
  const parsed = parseJsonc(whole)
  const raw = 'problem' in parsed ? {} : jsonValue(parsed.root)
  const before = understood(raw, Object.keys(patch))
  const after = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined))
  return editJsonc(whole, before, after)
}

/** What the file says of these keys, as far as it is valid. */
function understood(raw: unknown, keys: readonly string[]): Record<string, unknown> {
  if (typeof raw !== 'object' || raw === null) return {}
  const values = new Map(Object.entries(raw))
  const schemas = new Map(Object.entries(SettingsSchema.shape))
  return Object.fromEntries(keys.flatMap((key) => {
    const parsed = values.has(key) ? schemas.get(key)?.safeParse(values.get(key)) : undefined
    return parsed?.success === true ? [[key, parsed.data]] : []
  }))
}

function serverIssues({ compatible }: Settings): { readonly path: readonly PropertyKey[]; readonly message: string }[] {
  const ids = compatible.map(({ id }) => id)
  return ids.flatMap((id, index) => (reservedProviders.has(id) || ids.indexOf(id) !== index
    ? [{ path: ['compatible', index, 'id'], message: `The server name "${id}" is taken. Give every server a name of its own.` }]
    : []))
}

/** The node at a path, or the nearest one above it that is there. */
/** What is at a path, or the nearest above it. */
export function nodeAt(root: JsonNode, path: readonly string[]): JsonNode {
  const [step, ...rest] = path
  if (step === undefined) return root
  const next = root.kind === 'object' ? root.members.find(({ key }) => key === step)?.node : root.kind === 'array' ? root.items[Number(step)] : undefined
  return next === undefined ? root : nodeAt(next, rest)
}
