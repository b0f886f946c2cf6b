import { type KeyboardEvent, useId, useMemo, useState } from 'react'
import type { z } from 'zod'
import { SelectField, TextAreaField, TextField } from '../../../components/field'
import { keysOf, keysText } from '../../../lib/commands/keys'
import { useServices } from '../../../lib/services'
import { fieldProblem, fieldValue, type SchemaField, schemaFields } from './schema-fields'

/** A form made from a schema. Every change that fits is given to `onChange` with all values; the others say why they do not. */
export function SchemaForm<Schema extends z.ZodObject>({ schema, value, onChange, skip = [] }: {
  readonly schema: Schema
  readonly value: z.infer<Schema>
  readonly onChange: (value: z.infer<Schema>) => void
  readonly skip?: readonly string[]
}) {
  const fields = useMemo(() => schemaFields(schema).filter(({ key }) => !skip.includes(key)), [schema, skip])
  const values: Readonly<Record<string, unknown>> = value
  const put = (key: string, next: unknown): void => {
    const parsed = schema.safeParse({ ...values, [key]: next })
    if (parsed.success) onChange(parsed.data)
  }
  return (
    <div className="flex max-w-xl flex-col gap-4">
      {fields.map((field) => <SchemaInput key={field.kind === 'keys' ? field.key : `${field.key} ${String(values[field.key])}`} field={field} schema={schema} value={values[field.key]} onPut={(next) => put(field.key, next)} />)}
    </div>
  )
}

interface InputProps {
  readonly field: SchemaField
  readonly schema: z.ZodObject
  readonly value: unknown
  readonly onPut: (value: unknown) => void
}

function SchemaInput(props: InputProps) {
  const { field, value, onPut } = props
  switch (field.kind) {
    case 'boolean': return <CheckField field={field} checked={value === true} onChange={onPut} />
    case 'choice': {
      const choices = field.nullable ? [{ value: '', label: 'None of its own' }, ...field.choices] : field.choices
      return <SelectField label={field.title} hint={field.description} value={typeof value === 'string' ? value : ''} choices={choices} onChange={(chosen) => onPut(field.nullable && chosen === '' ? null : chosen)} />
    }
    case 'list': return <ListField {...props} />
    case 'keys': return <KeysField {...props} />
    case 'number':
    case 'text': return <WrittenField {...props} />
  }
}

function CheckField({ field, checked, onChange }: { readonly field: SchemaField; readonly checked: boolean; readonly onChange: (checked: boolean) => void }) {
  const id = useId()
  return (
    <div className="flex gap-2">
      <input
        id={id}
        type="checkbox"
        checked={checked}
        aria-describedby={field.description === null ? undefined : `${id}-note`}
        onChange={(event) => onChange(event.target.checked)}
        className="mt-0.5 size-4 accent-accent"
      />
      <div>
        <label htmlFor={id} className="font-medium">{field.title}</label>
        {field.description !== null && <p id={`${id}-note`} className="text-xs text-muted">{field.description}</p>}
      </div>
    </div>
  )
}

/** Counts when it is left or Enter is pressed, so that half a number is none. */
function WrittenField({ field, schema, value, onPut }: InputProps) {
  const stored = value === null || value === undefined ? '' : String(value)
  const [text, setText] = useState(stored)
  const problem = fieldProblem(field, schema, text)
  const commit = (): void => {
    if (problem === null && text.trim() !== stored) onPut(fieldValue(field, text))
  }
  if (field.kind === 'text' && field.long) return <TextAreaField label={field.title} rows={6} value={text} onChange={(event) => setText(event.target.value)} onBlur={commit} hint={field.description} error={problem} />
  return (
    <TextField
      label={field.title}
      inputMode={field.kind === 'number' ? 'decimal' : 'text'}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
      hint={field.description}
      error={problem}
    />
  )
}

/** Takes the combination that is pressed in it; a letter alone is none. Tab, Escape and Enter keep their meaning. */
function KeysField({ field, value, onPut }: InputProps) {
  const { machine } = useServices()
  const onKeyDown = (event: KeyboardEvent): void => {
    if (['Tab', 'Escape', 'Enter'].includes(event.key)) return
    event.preventDefault()
    event.stopPropagation()
    const pressed = keysOf(event.nativeEvent, machine.isMac)
    if (event.key === 'Backspace' || event.key === 'Delete') {
      if (field.nullable) onPut(null)
    } else if (pressed !== null && /\+|^F\d/.test(pressed)) onPut(pressed)
  }
  return <TextField label={field.title} readOnly placeholder="None" value={typeof value === 'string' ? keysText(value, machine.isMac) : ''} onKeyDown={onKeyDown} hint={field.description} />
}

/** One text in a line; counts when it is left. */
function ListField({ field, schema, value, onPut }: InputProps) {
  const stored = Array.isArray(value) ? value.join('\n') : ''
  const [text, setText] = useState(stored)
  const problem = fieldProblem(field, schema, text)
  return (
    <TextAreaField
      label={field.title}
      rows={Math.min(8, Math.max(2, text.split('\n').length))}
      spellCheck={false}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => problem === null && text.trim() !== stored && onPut(fieldValue(field, text))}
      hint={`${field.description ?? ''} One in a line.`.trim()}
      error={problem}
    />
  )
}
