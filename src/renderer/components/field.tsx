import { type InputHTMLAttributes, type ReactNode, useId } from 'react'
import { classNames } from '../lib/class-names'

export const inputStyle =
  'h-8 w-full min-w-0 rounded-md border border-line-strong bg-surface px-2.5 text-sm text-ink disabled:opacity-60'

export function TextField({ label, hint, error, className, ...rest }: InputHTMLAttributes<HTMLInputElement> & {
  readonly label: string
  readonly hint?: ReactNode
  readonly error?: string | null
}) {
  const id = useId()
  const hasNote = (hint !== undefined && hint !== null) || (error !== undefined && error !== null)
  return (
    <div className={classNames('flex flex-col gap-1', className)}>
      <label htmlFor={id} className="text-sm font-medium">{label}</label>
      <input id={id} className={inputStyle} aria-describedby={hasNote ? `${id}-note` : undefined} aria-invalid={error ? true : undefined} {...rest} />
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
