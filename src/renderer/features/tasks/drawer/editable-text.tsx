import { Pencil } from 'lucide-react'
import { type ReactNode, useId, useRef, useState } from 'react'
import { Button, IconButton } from '../../../components/button'
import { inputStyle } from '../../../components/field'
import { ErrorNote } from '../../../components/feedback'
import { classNames } from '../../../lib/class-names'

/** A text that is changed where it stands. `onSave` resolves when the server has it; what it rejects with is shown here. */
export function EditableText({ label, value, empty, isLong, maxLength, onSave, children }: {
  readonly label: string
  readonly value: string
  /** Shown where there is no text. */
  readonly empty: string
  readonly isLong: boolean
  readonly maxLength: number
  readonly onSave: (text: string) => Promise<unknown>
  /** The text as it is read. */
  readonly children: ReactNode
}) {
  const id = useId()
  const [draft, setDraft] = useState<string | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [isSaving, setSaving] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  const close = (): void => {
    setDraft(null)
    setError(null)
    // Once the button is there again.
    requestAnimationFrame(() => opener.current?.focus())
  }
  const save = async (): Promise<void> => {
    if (draft === null || isSaving) return
    if (draft === value) return close()
    setSaving(true)
    try {
      await onSave(draft)
      close()
    } catch (failure) {
      setError(failure)
    } finally {
      setSaving(false)
    }
  }
  if (draft === null) {
    return (
      <div className="group flex items-start gap-1">
        <div className="min-w-0 flex-1 break-words">{value === '' ? <p className="text-muted">{empty}</p> : children}</div>
        <IconButton ref={opener} label={`Edit ${label}`} icon={<Pencil />} className="size-6 [&_svg]:size-3.5" onClick={() => setDraft(value)} />
      </div>
    )
  }
  const common = {
    id, value: draft, maxLength, autoFocus: true, 'aria-label': label,
    onKeyDown: (event: React.KeyboardEvent) => {
      if (event.key === 'Escape') {
        event.preventDefault()
        event.stopPropagation()
        close()
      } else if (event.key === 'Enter' && !event.nativeEvent.isComposing && (!isLong || event.ctrlKey || event.metaKey)) {
        event.preventDefault()
        void save()
      }
    },
  }
  return (
    <div className="flex flex-col gap-2">
      {isLong
        ? <textarea {...common} onChange={(event) => setDraft(event.target.value)} className={classNames(inputStyle, 'field-sizing-content h-auto max-h-96 min-h-24 resize-y py-1.5')} />
        : <input {...common} onChange={(event) => setDraft(event.target.value)} className={inputStyle} />}
      {error !== null && <ErrorNote error={error} />}
      <div className="flex gap-2">
        <Button small tone="primary" disabled={isSaving} onClick={() => void save()}>{isSaving ? 'Saving…' : 'Save'}</Button>
        <Button small onClick={close}>Leave it</Button>
      </div>
    </div>
  )
}
