import { useQuery } from '@tanstack/react-query'
import { type AgentSettings, AgentLimitsSchema, AgentSettingsSchema, type AgentTemplate, AgentTemplateSchema } from '#contract/agent-templates'
import type { Settings, SettingsPatch } from '#contract/settings'
import { Button } from '../../components/button'
import { useServices } from '../../lib/services'
import { SchemaForm } from './form/schema-form'

/** How many agents work for one, and the kinds of agents: the built-in ones to copy, the person's own to change. */
export function AgentSettings({ settings, onChange }: { readonly settings: Settings; readonly onChange: (patch: SettingsPatch) => void }) {
  const { queries } = useServices()
  const all = useQuery(queries.templates()).data?.items ?? []
  const { templates } = settings.agents
  const put = (agents: Partial<AgentSettings>): void => onChange({ agents: { ...settings.agents, ...agents } })
  const replace = (index: number, template: AgentTemplate): void => put({ templates: templates.with(index, template) })
  const add = (template: AgentTemplate): void => put({ templates: [...templates, template] })
  return (
    <div className="flex max-w-2xl flex-col gap-6">
      <SchemaForm schema={AgentSettingsSchema} value={settings.agents} onChange={(agents) => put({ maxParallel: agents.maxParallel })} />
      <section aria-labelledby="own-agents" className="flex flex-col gap-3">
        <div className="flex items-center justify-between gap-2">
          <h4 id="own-agents" className="font-semibold">Your own kinds of agents</h4>
          <Button small onClick={() => add(AgentTemplateSchema.parse({ name: freeName('my-agent', templates), title: 'My agent' }))}>New kind of agent</Button>
        </div>
        {templates.length === 0 && <p className="text-xs text-muted">None yet. Make one, or copy a built-in one and change it.</p>}
        {templates.map((template, index) => (
          <details key={`${index} ${template.name}`} className="rounded-md border border-line p-3">
            <summary className="cursor-pointer font-medium">{template.title} ({template.name})</summary>
            <div className="mt-3 flex flex-col gap-4">
              <SchemaForm schema={AgentTemplateSchema} value={template} onChange={(changed) => replace(index, changed)} />
              <SchemaForm schema={AgentLimitsSchema} value={template.limits} onChange={(limits) => replace(index, { ...template, limits })} />
              <Button small className="self-start" onClick={() => put({ templates: templates.toSpliced(index, 1) })}>{`Remove ${template.title}`}</Button>
            </div>
          </details>
        ))}
      </section>
      <section aria-labelledby="built-in-agents">
        <h4 id="built-in-agents" className="mb-2 font-semibold">Built-in kinds</h4>
        <ul className="flex flex-col gap-2">
          {all.filter(({ builtIn }) => builtIn).map(({ builtIn: _builtIn, ...template }) => (
            <li key={template.name} className="flex items-start justify-between gap-3 rounded-md border border-line px-3 py-2">
              <div className="min-w-0">
                <p className="font-medium">{template.title} <span className="font-normal text-muted">({template.name})</span></p>
                <p className="text-xs text-muted">{template.description}</p>
              </div>
              <Button small aria-label={`Copy ${template.title}`} onClick={() => add({ ...template, name: freeName(`my-${template.name}`.slice(0, 38), templates), title: `My ${template.title}`.slice(0, 80) })}>Copy</Button>
            </li>
          ))}
        </ul>
      </section>
    </div>
  )
}

function freeName(wanted: string, templates: readonly AgentTemplate[]): string {
  const names = new Set(templates.map(({ name }) => name))
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted}-${number}`
    if (!names.has(name)) return name
  }
}
