import { useState } from 'react'
import { Button } from '../../components/button'
import { inputStyle } from '../../components/field'
import { TextEntry } from '../../components/text-entry'
import { classNames } from '../../lib/class-names'
import { useServices } from '../../lib/services'

const mostQuoted = 12
const longestLine = 200

/** A note on lines of a file. It waits at the message field with the others, and is sent with the next message. */
export function CommentForm({ sessionId, path, text, start, onDone }: {
  readonly sessionId: string
  readonly path: string
  /** The file as it is. */
  readonly text: string
  readonly start: { readonly from: number; readonly to: number }
  readonly onDone: () => void
}) {
  const { parts, toasts } = useServices()
  const [lines, setLines] = useState(start)
  const [note, setNote] = useState('')
  const all = text.split('\n')
  const from = Math.max(1, Math.min(lines.from, all.length))
  const to = Math.max(from, Math.min(lines.to, all.length))
  const add = (): void => {
    if (note.trim() === '') return
    const quote = all.slice(from - 1, Math.min(to, from - 1 + mostQuoted)).map((line) => line.slice(0, longestLine)).join('\n')
    parts.change(sessionId, (before) => ({
      ...before,
      comments: [...before.comments, { id: crypto.randomUUID(), path, lines: { from, to }, side: 'after', quote, text: note.trim() }],
    }))
    toasts.info('The comment goes with your next message.')
    onDone()
  }
  return (
    <form
      aria-label="Comment"
      className="mt-2 flex flex-col gap-1.5"
      onSubmit={(event) => {
        event.preventDefault()
        add()
      }}
    >
      <div className="flex items-center gap-1.5 text-xs">
        <label className="flex items-center gap-1">Lines <LineField label="First line" value={lines.from} onChange={(value) => setLines({ ...lines, from: value })} /></label>
        <label className="flex items-center gap-1">to <LineField label="Last line" value={lines.to} onChange={(value) => setLines({ ...lines, to: value })} /></label>
      </div>
      <TextEntry aria-label="Your comment" autoFocus value={note} onChange={setNote} onSend={add} onCancel={onDone} />
      <div className="flex gap-1">
        <Button small type="submit" tone="primary" disabled={note.trim() === ''}>Add comment</Button>
        <Button small tone="quiet" onClick={onDone}>Cancel</Button>
      </div>
    </form>
  )
}

function LineField({ label, value, onChange }: { readonly label: string; readonly value: number; readonly onChange: (value: number) => void }) {
  return (
    <input
      type="number" min={1} aria-label={label} value={value} className={classNames(inputStyle, 'h-6 w-16')}
      onChange={(event) => Number.isInteger(event.target.valueAsNumber) && onChange(Math.max(1, event.target.valueAsNumber))}
    />
  )
}
