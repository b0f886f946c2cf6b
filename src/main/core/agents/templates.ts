import type { AgentTemplate } from '#contract/agent-templates'
import type { Settings } from '#contract/settings'
import { AppError } from '../errors'
import { builtinTemplates } from './builtin-templates'

export interface AgentTemplates {
  /** The person's own first. */
  list(): (AgentTemplate & { readonly builtIn: boolean })[]
  find(name: string): AgentTemplate | null
  /** Throws AppError INVALID_PARAMETERS. */
  get(name: string): AgentTemplate
}

export function createTemplates(settings: () => Settings): AgentTemplates {
  const own = () => settings().agents.templates
  const find = (name: string) => own().find((template) => template.name === name) ?? builtinTemplates.find((template) => template.name === name) ?? null
  const list = () => {
    const names = new Set(own().map(({ name }) => name))
    return [...own().map((template) => ({ ...template, builtIn: false })), ...builtinTemplates.filter(({ name }) => !names.has(name)).map((template) => ({ ...template, builtIn: true }))]
  }
  return {
    list, find,
    get: (name) => {
      const template = find(name)
      if (!template) throw new AppError('INVALID_PARAMETERS', `There is no kind of agent “${name}”. There are: ${list().map((known) => known.name).join(', ')}.`)
      return template
    },
  }
}
