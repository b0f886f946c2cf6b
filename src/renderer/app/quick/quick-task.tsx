import { useMutation, useQuery } from '@tanstack/react-query'
import { ListPlus } from 'lucide-react'
import { Button } from '../../components/button'
import { ErrorNote } from '../../components/feedback'
import { shorten } from '../../lib/format'
import { routeHash } from '../../lib/route'
import { useServices } from '../../lib/services'

/** Gives what was written away as a task instead of talking about it; says where it went, and takes it back. */
export function QuickTask({ text, folderId, isDisabled, onMade, onUndone }: {
  readonly text: string
  readonly folderId: string
  readonly isDisabled: boolean
  readonly onMade: () => void
  /** With what was written. */
  readonly onUndone: (text: string) => void
}) {
  const { client, cache, queries } = useServices()
  const mode = useQuery(queries.settings()).data?.defaultMode
  const make = useMutation({
    meta: { shownInPlace: true },
    mutationFn: () => client.tasks.create({
      title: shorten(text, 80), instruction: text, workspaceId: folderId === '' ? null : folderId, ...(mode !== undefined && { mode }), idempotencyKey: crypto.randomUUID(),
    }),
    onSuccess: (task) => {
      cache.task(task)
      onMade()
    },
  })
  const undo = useMutation({
    meta: { shownInPlace: true },
    mutationFn: async ({ id }: { readonly id: string; readonly instruction: string }) => client.tasks.remove({ id }),
    onSuccess: (_done, { instruction }) => {
      make.reset()
      onUndone(instruction)
    },
  })
  const error = make.error ?? undo.error
  return (
    <>
      {error !== null && <ErrorNote error={error} />}
      <div className="flex flex-wrap items-center gap-2">
        <Button disabled={isDisabled || make.isPending} onClick={() => make.mutate()}><ListPlus aria-hidden className="size-4" />Make it a task</Button>
        {make.data !== undefined && (
          <div role="status" className="flex min-w-0 flex-1 flex-wrap items-center gap-2 text-xs">
            <p className="min-w-0 break-words">“{shorten(make.data.title, 40)}” is a task in Ready now.</p>
            <Button small tone="quiet" onClick={() => void window.open(`/${routeHash({ view: 'tasks', taskId: make.data.id })}`, '_blank')}>Show it</Button>
            <Button small tone="quiet" disabled={undo.isPending} onClick={() => undo.mutate(make.data)}>Undo</Button>
          </div>
        )}
      </div>
    </>
  )
}
