import { useMutation, useQuery } from '@tanstack/react-query'
import { Bookmark, X } from 'lucide-react'
import { useState } from 'react'
import type { TaskView } from '#contract/tasks'
import { Button, IconButton } from '../../../components/button'
import { ErrorNote } from '../../../components/feedback'
import { inputStyle } from '../../../components/field'
import { Popover } from '../../../components/popover'
import { classNames } from '../../../lib/class-names'
import { useServices } from '../../../lib/services'
import { useBoardState, useTasksParts } from '../tasks-context'
import { boardFilterOf, isShown, viewFilterOf } from './views'

/** Filters and lanes with a name: picked, saved, replaced by one of the same name, removed. */
export function SavedViews() {
  const { queries } = useServices()
  const filter = useBoardState((state) => state.filter)
  const lanes = useBoardState((state) => state.lanes)
  const [open, setOpen] = useState(false)
  const views = useQuery(queries.taskViews()).data?.items ?? []
  const shown = views.find((view) => isShown(view, filter, lanes))
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      label="Views"
      align="end"
      className="w-72 max-w-[calc(100vw-1rem)] p-3"
      trigger={<Button small className={classNames(shown !== undefined && 'border-accent bg-accent-soft')}><Bookmark aria-hidden className="size-3.5" /><span className={classNames('max-w-32 truncate', shown === undefined && 'sr-only @3xl:not-sr-only')}>{shown?.name ?? 'Views'}</span></Button>}
    >
      <ViewList views={views} shownId={shown?.id ?? null} onPicked={() => setOpen(false)} />
    </Popover>
  )
}

function ViewList({ views, shownId, onPicked }: { readonly views: readonly TaskView[]; readonly shownId: string | null; readonly onPicked: () => void }) {
  const { client, queries, toasts } = useServices()
  const { board } = useTasksParts()
  const { refetch } = useQuery(queries.taskViews())
  const [name, setName] = useState('')
  const save = useMutation({
    meta: { shownInPlace: true },
    mutationFn: (view: TaskView) => client.tasks.saveView(view),
    onSuccess: () => {
      setName('')
      void refetch()
    },
  })
  const remove = useMutation({
    mutationFn: (view: TaskView) => client.tasks.removeView({ id: view.id }),
    onSuccess: (_done, view) => {
      void refetch()
      toasts.info(`The view “${view.name}” is gone.`, [{ label: 'Undo', run: () => save.mutate(view) }])
    },
  })
  const pick = (view: TaskView): void => {
    board.getState().setFilter(boardFilterOf(view.filter))
    board.getState().setLanes(view.lanes)
    onPicked()
  }
  return (
    <div className="flex flex-col gap-2">
      {views.length === 0
        ? <p className="text-xs text-muted">A view is a filter with a name: filter the board, then save it here.</p>
        : (
          <ul aria-label="Saved views">
            {views.map((view) => (
              <li key={view.id} className="flex items-center gap-1">
                <button type="button" aria-current={view.id === shownId ? 'true' : undefined} onClick={() => pick(view)} className={classNames('min-w-0 flex-1 truncate rounded-md px-2 py-1 text-start hover:bg-hover', view.id === shownId && 'bg-accent-soft font-medium')}>{view.name}</button>
                <IconButton label={`Remove the view ${view.name}`} icon={<X />} className="size-6 [&_svg]:size-3.5" onClick={() => remove.mutate(view)} />
              </li>
            ))}
          </ul>
        )}
      <form
        className="flex gap-2"
        onSubmit={(event) => {
          event.preventDefault()
          const title = name.trim()
          if (title === '' || save.isPending) return
          const { filter, lanes } = board.getState()
          save.mutate({ id: views.find((view) => view.name === title)?.id ?? crypto.randomUUID(), name: title, filter: viewFilterOf(filter), lanes })
        }}
      >
        <input aria-label="Name of the view" placeholder="Save this as…" maxLength={80} value={name} onChange={(event) => setName(event.target.value)} className={inputStyle} />
        <Button type="submit" disabled={name.trim() === '' || save.isPending}>Save</Button>
      </form>
      {save.error !== null && <ErrorNote error={save.error} />}
    </div>
  )
}
