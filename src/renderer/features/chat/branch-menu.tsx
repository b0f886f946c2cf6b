import { useMutation, useQueries } from '@tanstack/react-query'
import { GitBranch } from 'lucide-react'
import { useState } from 'react'
import type { Entry } from '#contract/entries'
import type { Session } from '#contract/sessions'
import { Button } from '../../components/button'
import { Popover } from '../../components/popover'
import { classNames } from '../../lib/class-names'
import { formatTime, shorten } from '../../lib/format'
import { useServices } from '../../lib/services'

/** All ends of the conversation; a fork or a retry makes a new one and keeps the old. Shown once there are several. */
export function BranchMenu({ session }: { readonly session: Session }) {
  const [open, setOpen] = useState(false)
  const index = session.heads.findIndex((head) => head.id === session.activeHeadId)
  if (session.heads.length < 2) return null
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      label="Branches"
      align="end"
      className="w-96 max-w-[calc(100vw-1rem)] p-1.5"
      trigger={
        <Button small tone="quiet" aria-label={`Branch ${index + 1} of ${session.heads.length}`}>
          <GitBranch aria-hidden className="size-3.5" />{index + 1} of {session.heads.length}
        </Button>
      }
    >
      <BranchList session={session} onPicked={() => setOpen(false)} />
    </Popover>
  )
}

function BranchList({ session, onPicked }: { readonly session: Session; readonly onPicked: () => void }) {
  const { orpc, cache } = useServices()
  const switchTo = useMutation(orpc.sessions.patch.mutationOptions({ onSuccess: (next) => cache.session(next) }))
  const tails = useQueries({
    queries: session.heads.map((head) => orpc.sessions.entries.queryOptions({ input: { id: session.id, headId: head.id, limit: 6 } })),
  })
  return (
    <ol className="flex flex-col">
      {session.heads.map((head, index) => {
        const entries = tails[index]?.data?.items ?? []
        const isActive = head.id === session.activeHeadId
        return (
          <li key={head.id}>
            <button
              type="button"
              aria-current={isActive ? 'true' : undefined}
              onClick={() => {
                onPicked()
                if (!isActive) switchTo.mutate({ id: session.id, activeHeadId: head.id })
              }}
              className={classNames('w-full rounded-md px-2.5 py-1.5 text-start hover:bg-hover', isActive && 'bg-accent-soft')}
            >
              <span className="flex justify-between gap-2 text-xs text-muted">
                <span>Branch {index + 1}{isActive && ', shown'}</span>
                <span>{formatTime(entries.at(-1)?.at ?? head.createdAt)}</span>
              </span>
              <span className="block truncate">{lastWords(entries)}</span>
            </button>
          </li>
        )
      })}
    </ol>
  )
}

function lastWords(entries: readonly Entry[]): string {
  for (const { payload } of entries.toReversed()) {
    if (payload.kind === 'user_message' || (payload.kind === 'assistant_message' && payload.text !== '')) return shorten(payload.text, 90)
  }
  return 'No message yet'
}
