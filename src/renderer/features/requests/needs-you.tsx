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
import { canBatch } from './batch'
import { BatchBar } from './batch-bar'
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
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const now = useNow(60_000, open)
  useCommands({ 'go.needs-you': () => setOpen(true) })
  const requests = useQuery(queries.openRequests())
  const items = requests.data?.items ?? []
  const count = items.length + others.count
  const isBatch = items.filter(canBatch).length > 1
  const pick = (id: string): void => setPicked((before) => new Set(before.has(id) ? [...before].filter((other) => other !== id) : [...before, id]))
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
          <p>Approvals and questions of all sessions appear here, tools of MCP servers that are held, and tasks that wait for you or went wrong.</p>
        </EmptyState>
      )}
      <BatchBar requests={items} picked={picked} onPick={(ids) => setPicked(new Set(ids))} />
      <ul className="flex flex-col gap-3">
        {items.map((request) => (
          <li key={request.id}>
            <div className="mb-1 flex items-center justify-between gap-2 text-xs">
              {isBatch && canBatch(request) && <input type="checkbox" aria-label={`Pick: ${request.title}`} checked={picked.has(request.id)} onChange={() => pick(request.id)} className="size-4 shrink-0 accent-(--accent)" />}
              <button type="button" onClick={() => show(request)} className="min-w-0 flex-1 truncate text-start font-medium text-accent hover:underline">
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
