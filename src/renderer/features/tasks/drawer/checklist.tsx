import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import type { ChecklistItem, TaskDetail, TaskPatch } from '#contract/tasks'
import { IconButton } from '../../../components/button'
import { inputStyle } from '../../../components/field'
import { ErrorNote } from '../../../components/feedback'

export function Checklist({ task, onSave }: { readonly task: Pick<TaskDetail, 'checklist'>; readonly onSave: (patch: TaskPatch) => Promise<void> }) {
  const { checklist } = task
  const [text, setText] = useState('')
  const [error, setError] = useState<unknown>(null)
  const save = (items: readonly ChecklistItem[]): void => {
    onSave({ checklist: [...items] }).then(() => setError(null), setError)
  }
  return (
    <>
      {checklist.length > 0 && (
        <ul className="flex flex-col">
          {checklist.map((item, index) => (
            <li key={`${index} ${item.text}`} className="flex items-start gap-2 py-0.5">
              <label className="flex min-w-0 flex-1 items-start gap-2">
                <input type="checkbox" checked={item.done} onChange={() => save(checklist.with(index, { ...item, done: !item.done }))} className="mt-0.5 size-4 shrink-0 accent-(--accent)" />
                <span className="min-w-0 break-words">{item.text}</span>
              </label>
              <IconButton label={`Take out: ${item.text}`} icon={<X />} className="size-5 [&_svg]:size-3" onClick={() => save(checklist.toSpliced(index, 1))} />
            </li>
          ))}
        </ul>
      )}
      <form
        className="mt-1 flex gap-1"
        onSubmit={(event) => {
          event.preventDefault()
          if (text.trim() === '') return
          save([...checklist, { text: text.trim(), done: false }])
          setText('')
        }}
      >
        <input aria-label="One more thing that must be true" placeholder="One more thing that must be true" maxLength={500} value={text} onChange={(event) => setText(event.target.value)} className={inputStyle} />
        <IconButton type="submit" label="Add it" icon={<Plus />} disabled={text.trim() === ''} />
      </form>
      {error !== null && <ErrorNote error={error} className="mt-1" />}
    </>
  )
}
