import { X } from 'lucide-react'
import { useId, useRef, useState } from 'react'
import type { Task } from '#contract/tasks'
import { inputStyle } from '../../../components/field'
import { stateWords } from '../words'

const mostFound = 8

/** Picks tasks by words of their titles. */
export function TaskPicker({ label, all, picked, without, onChange }: {
  readonly label: string
  readonly all: readonly Task[]
  readonly picked: readonly string[]
  /** The task itself. */
  readonly without: string | null
  readonly onChange: (ids: readonly string[]) => void
}) {
  const id = useId()
  const [text, setText] = useState('')
  const input = useRef<HTMLInputElement>(null)
  const words = text.trim().toLowerCase()
  const candidates = all.filter((task) => task.id !== without && task.when.kind === 'adhoc' && !picked.includes(task.id))
  const found = words === '' ? [] : candidates.filter(({ title }) => title.toLowerCase().includes(words)).slice(0, mostFound)
  const titleOf = (taskId: string): string => all.find((task) => task.id === taskId)?.title ?? 'A task that is not shown'
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium">{label}</label>
      {picked.length > 0 && (
        <ul aria-label={label} className="flex flex-col gap-1">
          {picked.map((taskId) => (
            <li key={taskId} className="flex items-center gap-2 rounded-md bg-sunken px-2 py-1">
              <span className="min-w-0 flex-1 truncate">{titleOf(taskId)}</span>
              <button type="button" aria-label={`Do not wait for ${titleOf(taskId)}`} onClick={() => {
                onChange(picked.filter((other) => other !== taskId))
                input.current?.focus()
              }}><X aria-hidden className="size-3.5" /></button>
            </li>
          ))}
        </ul>
      )}
      <input ref={input} id={id} type="search" placeholder="Words of a title" autoComplete="off" value={text} onChange={(event) => setText(event.target.value)} className={inputStyle} />
      {words !== '' && (
        <ul aria-label="Found tasks" className="flex flex-col rounded-md border border-line">
          {found.map((task) => (
            <li key={task.id}>
              <button
                type="button"
                onClick={() => {
                  onChange([...picked, task.id])
                  setText('')
                  input.current?.focus()
                }}
                className="flex w-full gap-2 px-2 py-1 text-start hover:bg-hover"
              >
                <span className="min-w-0 flex-1 truncate">{task.title}</span><span className="text-xs text-muted">{stateWords[task.state]}</span>
              </button>
            </li>
          ))}
          {found.length === 0 && <li className="px-2 py-1 text-muted">No task has this in its title.</li>}
        </ul>
      )}
    </div>
  )
}
