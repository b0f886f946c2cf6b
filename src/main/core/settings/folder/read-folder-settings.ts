import { type FolderSettings, FolderSettingsSchema, type FolderSettingsState } from '#contract/folder-settings'
import { jsonValue, parseJsonc, placeOf } from '../jsonc'
import { nodeAt } from '../settings-text'

/** Pure. What is wrong is told with its place, as for the settings of the person. */
export function readFolderSettings(text: string): FolderSettingsState {
  const parsed = parseJsonc(text.trim() === '' ? '{}' : text)
  if ('problem' in parsed) return wrong(parsed.problem.message, placeOf(text, parsed.problem.offset))
  const { root } = parsed
  if (root.kind !== 'object') return wrong('The settings are an object: { … }.', { line: 1, column: 1 })
  const result = FolderSettingsSchema.safeParse(jsonValue(root))
  if (result.success) {
    const ignored = root.members.map(({ key }) => key).filter((key) => !Object.hasOwn(FolderSettingsSchema.shape, key) && key !== '$schema')
    return { state: 'counts', problem: null, settings: result.data, ignored: ignored.map((key) => key.slice(0, 100)).slice(0, 50) }
  }
  const [issue] = result.error.issues
  const path = (issue?.path ?? []).map(String)
  return wrong(`${path.join('.')}: ${issue?.message ?? 'it does not fit'}`, placeOf(text, nodeAt(root, path).start))
}

function wrong(message: string, place: { readonly line: number; readonly column: number }): FolderSettingsState {
  return { state: 'wrong', problem: { message, ...place }, settings: null, ignored: [] }
}

/** Those of the person, and those of the folder beside them. */
export function withFolderPolicies<T extends { readonly policies: readonly unknown[] }>(guardrails: T, folder: FolderSettings | null): T & { policies: T['policies'][number][] } {
  const own = (folder?.policies ?? []).map((policy, index) => ({ ...policy, id: `folder-${index + 1}`, enabled: true }))
  return { ...guardrails, policies: [...guardrails.policies, ...own] }
}
