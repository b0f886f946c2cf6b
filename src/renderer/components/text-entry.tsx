import type { TextareaHTMLAttributes } from 'react'
import { classNames } from '../lib/class-names'
import { inputStyle } from './field'

/** A field for a few lines that grows with them. Enter sends, Shift+Enter starts a line, Escape gives up (and nothing around it does). */
export function TextEntry({ value, onChange, onSend, onCancel, className = 'max-h-40 min-h-14', ...rest }: Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'value' | 'onChange' | 'onKeyDown'> & {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly onSend: () => void
  readonly onCancel?: (() => void) | undefined
}) {
  return (
    <textarea
      rows={2}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return
        if (event.key === 'Enter' && !event.shiftKey) {
          event.preventDefault()
          onSend()
        } else if (event.key === 'Escape' && onCancel !== undefined) {
          event.stopPropagation()
          onCancel()
        }
      }}
      className={classNames(inputStyle, 'field-sizing-content h-auto resize-none py-1.5', className)}
      {...rest}
    />
  )
}
