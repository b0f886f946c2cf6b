import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import { MessageSquare } from 'lucide-react'
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Entry } from '#contract/entries'
import type { Session } from '#contract/sessions'
import { EmptyState, ErrorNote, Skeleton } from '../../components/feedback'
import { shorten } from '../../lib/format'
import { useLasting } from '../../lib/hooks'
import { useServices } from '../../lib/services'
import { Composer } from './composer'
import { buildRows, currentRun, isActive, queuedRuns } from './conversation'
import { MessageList, type MessageListHandle } from './message-list'
import type { MessageActions } from './messages'
import { QueuedMessages } from './queued-messages'
import type { MessageSlots } from './slots'

export interface ChatViewProps {
  readonly session: Session
  /** Why nothing can be sent, for instance since no model is chosen. */
  readonly blocked: ReactNode | null
  /** Takes what is typed when it is a command and not a message; false: send it. Rejects when the command failed. */
  readonly onCommand: (text: string) => Promise<boolean>
  readonly slots: MessageSlots
  /** The entry to bring into sight; `onShown` once that is done. */
  readonly target: { readonly entryId: string; readonly onShown: () => void } | null
}

/** One branch of a session: its messages, what works on it, and the place to write. */
export function ChatView({ session, blocked, onCommand, slots, target }: ChatViewProps) {
  const { orpc, drafts } = useServices()
  const input = useRef<HTMLTextAreaElement>(null)
  const list = useRef<MessageListHandle>(null)
  const { rows, entries, run, queued, isLoading } = useConversation(session)
  const send = useMutation(orpc.sessions.send.mutationOptions())
  const stop = useMutation(orpc.runs.cancel.mutationOptions())
  const actions = useMessageActions(session, () => input.current?.focus(), (text) => drafts.set(session.id, text))
  const shownQueue = useLasting(queued.length > 0, 400) || run !== null ? queued : []
  const { fetchNextPage } = entries
  const loadOlder = useCallback(() => void fetchNextPage(), [fetchNextPage])
  const older = { has: entries.hasNextPage, loading: entries.isFetchingNextPage, error: entries.isFetchNextPageError ? entries.error : null, load: loadOlder }
  const isNew = !isLoading && rows.length === 0 && entries.isSuccess
  useEffect(() => {
    if (isNew) input.current?.focus()
  }, [isNew])
  const isBroken = entries.data === undefined && entries.error !== null
  return (
    <>
      {isBroken && <ErrorNote error={entries.error} onRetry={() => void entries.refetch()} className="m-4" />}
      {isLoading && !isBroken && <Skeleton rows={6} label="Loading the conversation" className="mx-auto w-full max-w-3xl flex-1 p-4" />}
      {isNew && (
        <div className="flex flex-1 flex-col items-center justify-center">
          <EmptyState icon={<MessageSquare />} title="Nothing said yet">
            <p className="max-w-md">Say what you want done. The agent shows every step, and asks before it does what its mode does not allow.</p>
          </EmptyState>
        </div>
      )}
      {!isLoading && rows.length > 0 && (
        <>
          <MessageList key={session.activeHeadId} ref={list} target={target} rows={rows} older={older} actions={actions} slots={slots} />
          <Announcer key={`says ${session.activeHeadId}`} entries={entries.data ?? []} requests={rows.filter((row) => row.kind === 'tool' && row.request !== null).length} />
        </>
      )}
      <div className="mx-auto w-full max-w-3xl px-4 pt-1.5 pb-3">
        <QueuedMessages runs={shownQueue} />
        <Composer
          draftKey={session.id}
          blocked={blocked}
          inputRef={input}
          onSend={async (text) => {
            if (await onCommand(text)) return
            await send.mutateAsync({ id: session.id, text })
            list.current?.follow()
          }}
          onStop={run !== null && isActive(run) ? () => stop.mutate({ id: run.id }) : null}
        />
      </div>
    </>
  )
}

function useConversation(session: Session) {
  const { queries } = useServices()
  const entries = useInfiniteQuery({
    ...queries.entries(session.id, session.activeHeadId),
    select: (data) => data.pages.toReversed().flatMap((page) => page.items),
  })
  const runs = useQuery(queries.runs(session.id))
  const run = currentRun(runs.data?.items ?? [], session.activeHeadId)
  const detail = useQuery({ ...queries.run(run?.id ?? ''), enabled: run !== null })
  const open = useQuery(queries.openRequests())
  const requests = useMemo(() => (open.data?.items ?? []).filter((item) => item.sessionId === session.id), [open.data, session.id])
  const rows = useMemo(
    () => buildRows({ entries: entries.data ?? [], requests, run, detail: detail.data ?? null }),
    [entries.data, requests, run, detail.data],
  )
  return { rows, entries, run, queued: queuedRuns(runs.data?.items ?? []), isLoading: entries.isPending }
}

function useMessageActions(session: Session, focusInput: () => void, setDraft: (text: string) => void): MessageActions {
  const { orpc, client, cache } = useServices()
  const retry = useMutation(orpc.runs.retry.mutationOptions())
  const fork = useMutation({
    mutationFn: async (entryId: string | null) => {
      const { headId, ...forked } = await client.sessions.fork({ id: session.id, entryId })
      cache.session(forked.activeHeadId === headId ? forked : await client.sessions.patch({ id: session.id, activeHeadId: headId }))
    },
    onSuccess: focusInput,
  })
  return {
    busy: fork.isPending || retry.isPending,
    sessionId: session.id,
    isIdle: session.status === 'idle' || session.status === 'interrupted',
    onContinueFrom: (entryId: string) => fork.mutate(entryId),
    onEdit: (entry: Entry, text: string) => fork.mutate(entry.parentId, { onSuccess: () => setDraft(text) }),
    onRetry: (id: string) => retry.mutate({ id }),
  }
}

/** Tells a screen reader about whole replies and new questions, never about single tokens or what was there before. */
function Announcer({ entries, requests }: { readonly entries: readonly Entry[]; readonly requests: number }) {
  const last = entries.findLast((entry) => entry.payload.kind === 'assistant_message' && entry.payload.text !== '')
  const [firstSeen] = useState(last?.id)
  const text = last?.payload.kind === 'assistant_message' && last.id !== firstSeen ? `Agent: ${shorten(last.payload.text, 400)}` : ''
  return (
    <div aria-live="polite" className="sr-only">
      {text !== '' && <p key={last?.id}>{text}</p>}
      {requests > 0 && <p>The agent waits for your decision.</p>}
    </div>
  )
}
