import { useQuery } from '@tanstack/react-query'
import { SelectField } from '../../components/field'
import { useServices } from '../../lib/services'

/** The kind of agent that does a task. One that is not there any more stays until another one is picked. */
export function TemplateField({ value, onChange }: { readonly value: string; readonly onChange: (template: string) => void }) {
  const { queries } = useServices()
  const templates = useQuery(queries.templates()).data?.items ?? []
  const known = templates.find(({ name }) => name === value)
  const choices = templates.map(({ name, title }) => ({ value: name, label: title }))
  return <SelectField label="Kind of agent" hint={known?.description ?? null} value={value} choices={known ? choices : [{ value, label: value }, ...choices]} onChange={onChange} />
}
