import { X } from 'lucide-react'
import { useState } from 'react'
import { PrioritySchema, type Task, type TaskState } from '#contract/tasks'
import { Button, IconButton } from '../../../components/button'
import { inputStyle } from '../../../components/field'
import { Menu, MenuItem } from '../../../components/menu'
import { Popover } from '../../../components/popover'
import { useTasksParts } from '../tasks-context'
import { useTaskActions } from '../use-task-actions'
import { countWords, priorityWords, stateWords } from '../words'
import { dropOn } from './drop'

const targets: readonly TaskState[] = ['backlog', 'ready', 'done', 'cancelled']

/** What can be done with all selected cards at once. */
export function BulkBar({ tasks }: { readonly tasks: readonly Task[] }) {
  const { board } = useTasksParts()
  const actions = useTaskActions()
  if (tasks.length === 0) return null
  return (
    <div role="toolbar" aria-label="Selected tasks" className="absolute inset-x-0 bottom-4 z-20 mx-auto flex w-fit max-w-[calc(100%-1rem)] flex-wrap items-center gap-2 rounded-lg border border-line-strong bg-raised px-3 py-2 shadow-float">
      <p className="font-medium">{countWords(tasks.length, 'task')} selected</p>
      <Button small disabled={!tasks.some((task) => dropOn(task, 'running').kind === 'run')} onClick={() => actions.put(tasks, 'running')}>Run now</Button>
      <Button small disabled={!tasks.some((task) => dropOn(task, 'cancelled').kind === 'move')} onClick={() => actions.put(tasks, 'cancelled')}>Cancel</Button>
      <Menu label="Move to" align="start" trigger={<Button small>Move to…</Button>}>
        {targets.map((state) => <MenuItem key={state} onSelect={() => actions.put(tasks, state)}>{stateWords[state]}</MenuItem>)}
      </Menu>
      <Menu label="Priority" align="start" trigger={<Button small>Priority…</Button>}>
        {[...PrioritySchema.options].reverse().map((priority) => <MenuItem key={priority} onSelect={() => actions.setPriority(tasks, priority)}>{priorityWords[priority]}</MenuItem>)}
      </Menu>
      <TagForm tasks={tasks} />
      <Button small className="text-danger" onClick={() => actions.remove(tasks)}>Remove</Button>
      <IconButton label="Clear the selection" icon={<X />} onClick={() => board.getState().clearSelection()} />
    </div>
  )
}

function TagForm({ tasks }: { readonly tasks: readonly Task[] }) {
  const actions = useTaskActions()
  const [open, setOpen] = useState(false)
  const [tag, setTag] = useState('')
  const name = tag.trim()
  const change = (isAdded: boolean): void => {
    actions.tag(tasks, isAdded ? { add: [name], remove: [] } : { add: [], remove: [name] })
    setTag('')
    setOpen(false)
  }
  return (
    <Popover open={open} onOpenChange={setOpen} label="Tag" side="top" className="p-3" trigger={<Button small>Tag…</Button>}>
      <form
        className="flex gap-2"
        onSubmit={(event) => {
          event.preventDefault()
          if (name !== '') change(true)
        }}
      >
        <input aria-label="Tag" maxLength={40} value={tag} onChange={(event) => setTag(event.target.value)} className={inputStyle} />
        <Button type="submit" tone="primary" disabled={name === ''}>Add</Button>
        <Button disabled={name === ''} onClick={() => change(false)}>Take off</Button>
      </form>
    </Popover>
  )
}
