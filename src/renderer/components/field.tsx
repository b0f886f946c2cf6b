import { type InputHTMLAttributes, type ReactNode, type TextareaHTMLAttributes, useId } from 'react'
import { classNames } from '../lib/class-names'

export const inputStyle =
  'h-8 w-full min-w-0 rounded-md border border-line-strong bg-surface px-2.5 text-sm text-ink disabled:opacity-60'

export function TextField({ label, hint, error, className, ...rest }: InputHTMLAttributes<HTMLInputElement> & FieldWords) {
  return (
    <Field label={label} hint={hint} error={error} className={className}>
      {(about) => <input className={inputStyle} {...about} {...rest} />}
    </Field>
  )
}

/** Code and lists; `prose`: sentences. */
export function TextAreaField({ label, hint, error, className, prose = false, ...rest }: TextareaHTMLAttributes<HTMLTextAreaElement> & FieldWords & { readonly prose?: boolean }) {
  return (
    <Field label={label} hint={hint} error={error} className={className}>
      {(about) => <textarea className={classNames(inputStyle, 'h-auto py-1.5', !prose && 'font-mono text-xs')} {...about} {...rest} />}
    </Field>
  )
}

interface FieldWords {
  readonly label: string
  readonly hint?: ReactNode
  readonly error?: string | null | undefined
}

interface AboutField {
  readonly id: string
  readonly 'aria-describedby': string | undefined
  readonly 'aria-invalid': true | undefined
}

function Field({ label, hint, error, className, children }: FieldWords & { readonly className: string | undefined; readonly children: (about: AboutField) => ReactNode }) {
  const id = useId()
  const hasNote = (hint !== undefined && hint !== null) || (error !== undefined && error !== null)
  return (
    <div className={classNames('flex flex-col gap-1', className)}>
      <label htmlFor={id} className="text-sm font-medium">{label}</label>
      {children({ id, 'aria-describedby': hasNote ? `${id}-note` : undefined, 'aria-invalid': error ? true : undefined })}
      {hasNote && (
        <p id={`${id}-note`} className={classNames('text-xs', error ? 'text-danger' : 'text-muted')} role={error ? 'alert' : undefined}>
          {error ?? hint}
        </p>
      )}
    </div>
  )
}

export interface Choice<T extends string> {
  readonly value: T
  readonly label: string
}

/** A native list of choices: for dialogs, where a floating one would lie under the top layer. */
export function SelectField<T extends string>({ label, hint = null, value, choices, onChange, disabled }: {
  readonly label: string
  readonly hint?: string | null
  readonly value: T
  readonly choices: readonly Choice<T>[]
  readonly onChange: (value: T) => void
  readonly disabled?: boolean
}) {
  const id = useId()
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium">{label}</label>
      <select
        id={id}
        className={inputStyle}
        value={value}
        disabled={disabled}
        aria-describedby={hint === null ? undefined : `${id}-note`}
        onChange={(event) => {
          const chosen = choices.find((choice) => choice.value === event.target.value)
          if (chosen) onChange(chosen.value)
        }}
      >
        {choices.map((choice) => <option key={choice.value} value={choice.value}>{choice.label}</option>)}
      </select>
      {hint !== null && <p id={`${id}-note`} className="text-xs text-muted">{hint}</p>}
    </div>
  )
}
