import { useQuery } from '@tanstack/react-query'
import { BellRing } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { HumanRequest } from '#contract/human-requests'
import { Button } from '../../components/button'
import { EmptyState, ErrorNote } from '../../components/feedback'
import { Popover } from '../../components/popover'
import { classNames } from '../../lib/class-names'
import { formatAge } from '../../lib/format'
import { useNow } from '../../lib/hooks'
import { useCommands } from '../../lib/commands/use-commands'
import { useServices } from '../../lib/services'
import { RequestCard } from './request-card'

/** All that waits for a person, over all sessions; each can be answered right here. */
export function NeedsYou({ others, titleOf, onOpenSession }: {
  /** What else waits, beside approvals and questions. */
  readonly others: { readonly count: number; readonly render: (close: () => void) => ReactNode }
  readonly titleOf: (sessionId: string) => string
  readonly onOpenSession: (sessionId: string) => void
}) {
  const { queries } = useServices()
  const [open, setOpen] = useState(false)
  const now = useNow(60_000, open)
  useCommands({ 'go.needs-you': () => setOpen(true) })
  const requests = useQuery(queries.openRequests())
  const items = requests.data?.items ?? []
  const count = items.length + others.count
  const more = typeof requests.data?.nextCursor === 'string'
  const show = (request: HumanRequest): void => {
    setOpen(false)
    onOpenSession(request.sessionId)
  }
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      label="Needs you"
      align="end"
      className="w-[30rem] max-w-[calc(100vw-1rem)] p-3"
      trigger={
        <Button
          small
          className={classNames('px-2.5', count > 0 && 'border-warning/60 bg-warning-soft font-semibold text-warning')}
        >
          <BellRing aria-hidden className="size-4" />
          {`Needs you (${count}${more ? '+' : ''})`}
        </Button>
      }
    >
      {requests.error !== null && <ErrorNote error={requests.error} onRetry={() => void requests.refetch()} />}
      {count === 0 && requests.error === null && (
        <EmptyState icon={<BellRing />} title="Nothing waits for you">
          <p>Approvals and questions of all sessions appear here, and tasks that wait for you or went wrong.</p>
        </EmptyState>
      )}
      <ul className="flex flex-col gap-3">
        {items.map((request) => (
          <li key={request.id}>
            <div className="mb-1 flex items-baseline justify-between gap-2 text-xs">
              <button type="button" onClick={() => show(request)} className="min-w-0 truncate font-medium text-accent hover:underline">
                {request.asker?.title ?? titleOf(request.sessionId)}
              </button>
              <span className="shrink-0 text-muted">{formatAge(request.createdAt, now)}</span>
            </div>
            <RequestCard request={request} />
          </li>
        ))}
      </ul>
      {others.count > 0 && <div className={classNames(items.length > 0 && 'mt-3')}>{others.render(() => setOpen(false))}</div>}
    </Popover>
  )
}
