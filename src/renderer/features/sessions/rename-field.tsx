import { useState } from 'react'
import { inputStyle } from '../../components/field'
import { classNames } from '../../lib/class-names'

/** Enter and leaving the field save, Escape does not. */
export function RenameField({ title, onSave, onClose }: { readonly title: string; readonly onSave: (title: string) => void; readonly onClose: () => void }) {
  const [text, setText] = useState(title)
  const finish = (save: boolean): void => {
    const next = text.trim()
    if (save && next !== '' && next !== title) onSave(next)
    onClose()
  }
  return (
    <input
      aria-label="Session title"
      autoFocus
      maxLength={200}
      value={text}
      className={classNames(inputStyle, 'my-1.5')}
      onFocus={(event) => event.target.select()}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => finish(true)}
      onKeyDown={(event) => {
        event.stopPropagation()
        const saves = event.key === 'Enter' && !event.nativeEvent.isComposing
        if (!saves && event.key !== 'Escape') return
        // The row has the focus next, and must not be pressed by the same key.
        event.preventDefault()
        finish(saves)
      }}
    />
  )
}
