import { ModelIdSchema } from '#contract/common'
import type { Settings } from '#contract/settings'
import { AppError } from '../errors'

/** What the environment may set. It outranks the saved settings and is never saved. */
export interface Environment {
  readonly openaiKey: string | null
  readonly anthropicKey: string | null
  readonly openaiBaseUrl: string | null
  readonly anthropicBaseUrl: string | null
  readonly model: string | null
}

/** Throws AppError INVALID_PARAMETERS that names the variable. */
export function parseEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const value = (name: string) => variables[name]?.trim() || null
  const model = value('TRESTLE_MODEL')
  if (model !== null && !ModelIdSchema.safeParse(model).success) {
    throw new AppError('INVALID_PARAMETERS', `TRESTLE_MODEL must look like provider/model, for instance openai/gpt-5; it is "${model}".`)
  }
  return {
    openaiKey: value('OPENAI_API_KEY'),
    anthropicKey: value('ANTHROPIC_API_KEY'),
    openaiBaseUrl: httpUrl('OPENAI_BASE_URL', value('OPENAI_BASE_URL')),
    anthropicBaseUrl: httpUrl('ANTHROPIC_BASE_URL', value('ANTHROPIC_BASE_URL')),
    model,
  }
}

export function withEnvironment(settings: Settings, environment: Environment): Settings {
  return {
    ...settings,
    openaiBaseUrl: environment.openaiBaseUrl ?? settings.openaiBaseUrl,
    anthropicBaseUrl: environment.anthropicBaseUrl ?? settings.anthropicBaseUrl,
    defaultModel: environment.model ?? settings.defaultModel,
  }
}

function httpUrl(name: string, value: string | null): string | null {
  if (value === null || /^https?:\/\/[^\s/]+/.test(value)) return value
  throw new AppError('INVALID_PARAMETERS', `${name} must be an http or https URL; it is "${value}".`)
}
