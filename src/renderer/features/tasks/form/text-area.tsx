import { type TextareaHTMLAttributes, useId } from 'react'
import { inputStyle } from '../../../components/field'
import { classNames } from '../../../lib/class-names'

/** A text of several lines that grows with what is written. */
export function TextArea({ label, hint, error, className, ...rest }: TextareaHTMLAttributes<HTMLTextAreaElement> & {
  readonly label: string
  readonly hint?: string
  readonly error?: string | null
}) {
  const id = useId()
  const note = error ?? hint
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium">{label}</label>
      <textarea
        id={id}
        aria-describedby={note === undefined ? undefined : `${id}-note`}
        aria-invalid={error ? true : undefined}
        className={classNames(inputStyle, 'field-sizing-content h-auto max-h-72 min-h-16 resize-y py-1.5', className)}
        {...rest}
      />
      {note !== undefined && <p id={`${id}-note`} role={error ? 'alert' : undefined} className={classNames('text-xs', error ? 'text-danger' : 'text-muted')}>{note}</p>}
    </div>
  )
}
