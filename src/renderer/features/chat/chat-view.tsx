import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import { MessageSquare } from 'lucide-react'
import { type ReactNode, type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { Entry } from '#contract/entries'
import type { Run } from '#contract/runs'
import type { Session } from '#contract/sessions'
import { EmptyState, ErrorNote, Skeleton } from '../../components/feedback'
import { useCommands } from '../../lib/commands/use-commands'
import { useLasting } from '../../lib/hooks'
import { useServices } from '../../lib/services'
import { Announcer } from './announcer'
import { Composer } from './composer/composer'
import { currentRun, isActive, queuedRuns } from './conversation'
import { MessageList, type MessageListHandle } from './message-list'
import type { MessageActions } from './messages'
import { FindBar } from './find/find-bar'
import { type Find, useFind } from './find/use-find'
import { createOpened, OpenedProvider } from './opened'
import { createPlaces, type Places } from './places'
import { PromptQueue } from './composer/prompt-queue'
import { QueuedMessages } from './composer/queued-messages'
import type { SlashCommand } from './composer/slash-command'
import { usePrompts } from './rail/use-prompts'
import { createRowBuilder } from './row-builder'
import type { MessageSlots } from './slots'
import type { Target } from './use-target'

export interface ChatViewProps {
  readonly session: Session
  /** Why nothing can be sent, for instance since no model is chosen. */
  readonly blocked: ReactNode | null
  /** What can be done from the message field. */
  readonly commands: readonly SlashCommand[]
  /** Whether the model of the session can see images. */
  readonly seesImages: boolean
  readonly slots: MessageSlots
  /** The entry to bring into sight; `onShown` once that is done. */
  readonly target: { readonly entryId: string; readonly onShown: () => void } | null
}

/** One branch of a session: its messages, what works on it, and the place to write. */
export function ChatView({ session, blocked, commands, seesImages, slots, target }: ChatViewProps) {
  const { orpc } = useServices()
  const input = useRef<HTMLTextAreaElement>(null)
  const list = useRef<MessageListHandle>(null)
  const conversation = useConversation(session)
  const { rows, entries, run, queued, history, isLoading } = conversation
  const send = useMutation(orpc.sessions.send.mutationOptions())
  const stop = useMutation(orpc.runs.cancel.mutationOptions())
  const actions = useMessageActions(session, () => input.current?.focus())
  const shownQueue = useLasting(queued.length > 0, 400) || run !== null ? queued : []
  const messages = shownQueue.filter(({ promptTry }) => promptTry === null)
  const prompts = queued.filter(({ promptTry }) => promptTry !== null)
  const hasMessages = !isLoading && rows.length > 0
  const isNew = !isLoading && rows.length === 0 && entries.isSuccess
  useLayoutEffect(() => {
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
      {hasMessages && <Messages session={session} conversation={conversation} actions={actions} slots={slots} target={target} ref={list} />}
      <div className="mx-auto w-full max-w-3xl ps-4 pe-7 pt-1.5 pb-3">
        <PromptQueue sessionId={session.id} messages={messages} />
        <QueuedMessages sessionId={session.id} label="Queued messages" runs={messages} before={[]} after={prompts} />
        <Composer
          sessionId={session.id}
          workspaceId={session.workspaceId}
          seesImages={seesImages}
          commands={commands}
          history={history}
          blocked={blocked}
          inputRef={input}
          onSend={async ({ text, attachments, steer }) => {
            await send.mutateAsync({ id: session.id, text, attachments: [...attachments], steer })
            list.current?.follow()
          }}
          onStop={run !== null && isActive(run) ? () => stop.mutate({ id: run.id }) : null}
        />
      </div>
    </>
  )
}

const nothing: readonly Entry[] = []

/** The messages, what finds its way in them, and what tells of them. */
function Messages({ session, conversation, actions, slots, target, ref: list }: Pick<ChatViewProps, 'session' | 'slots' | 'target'> & {
  readonly conversation: ReturnType<typeof useConversation>
  readonly actions: MessageActions
  readonly ref: RefObject<MessageListHandle | null>
}) {
  const { memory } = useServices()
  const { rows, entries, run } = conversation
  const { fetchNextPage } = entries
  const loadOlder = useCallback(() => void fetchNextPage(), [fetchNextPage])
  const [opened] = useState(createOpened)
  const [places] = useState(() => createPlaces(memory))
  const { wanted, jump } = useWanted(session, target, places)
  const find = useFind(session)
  const prompts = usePrompts(session, entries.data ?? nothing)
  const [isRailOpen, setRailOpen] = useState(false)
  useCommands({
    'chat.find': find.open,
    'chat.prompts': prompts.items.length > 1 ? () => setRailOpen(true) : null,
    'chat.newest': () => list.current?.follow(),
  })
  useFindTarget(find, jump)
  const closeFind = (): void => {
    find.close()
    list.current?.focus()
  }
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      {find.isOpen && <FindBar find={find} onClose={closeFind} />}
      <OpenedProvider opened={opened}>
        <MessageList
          key={session.activeHeadId}
          ref={list}
          target={wanted}
          rows={rows}
          older={{ has: entries.hasNextPage, loading: entries.isFetchingNextPage, error: entries.isFetchNextPageError ? entries.error : null, load: loadOlder }}
          actions={actions}
          slots={slots}
          find={find.isOpen ? find : null}
          rail={{ prompts: prompts.items, entries: prompts.entries, isOpen: isRailOpen, onOpenChange: setRailOpen, onJump: (entryId) => jump(entryId) }}
          onPlace={(place) => places.set(session.id, place === null ? null : { headId: session.activeHeadId, ...place })}
        />
      </OpenedProvider>
      <Announcer key={`says ${session.activeHeadId}`} run={run} />
    </div>
  )
}

/** What is to be brought into sight: from outside, from here, or where the reader was. */
function useWanted(session: Session, outer: ChatViewProps['target'], places: Places) {
  const [own, setOwn] = useState<Omit<Target, 'onShown'> | null>(() => {
    const place = places.get(session.id)
    return place?.headId === session.activeHeadId ? place : null
  })
  const jump = useCallback((entryId: string, quiet = false) => setOwn({ entryId, quiet }), [])
  const wanted: Target | null = outer ?? (own === null ? null : { ...own, onShown: () => setOwn(null) })
  return { wanted, jump }
}

/** The entry of the current match is loaded, wherever it is. */
function useFindTarget({ current }: Find, jump: (entryId: string, quiet: boolean) => void): void {
  const entryId = current?.entryId ?? null
  useEffect(() => {
    if (entryId !== null) jump(entryId, true)
  }, [entryId, jump])
}

function useConversation(session: Session) {
  const { queries } = useServices()
  const [build] = useState(createRowBuilder)
  const entries = useInfiniteQuery({
    ...queries.entries(session.id, session.activeHeadId),
    select: allEntries,
  })
  const runs = useQuery(queries.runs(session.id))
  const run = currentRun(runs.data?.items ?? [], session.activeHeadId)
  const detail = useQuery({ ...queries.run(run?.id ?? ''), enabled: run !== null })
  const open = useQuery(queries.openRequests())
  const requests = useMemo(() => (open.data?.items ?? []).filter((item) => item.sessionId === session.id || item.asker?.rootSessionId === session.id), [open.data, session.id])
  const rows = useMemo(
    () => build({ entries: entries.data ?? [], requests, run, detail: detail.data ?? null }),
    [build, entries.data, requests, run, detail.data],
  )
  return { rows, entries, run, queued: queuedRuns(runs.data?.items ?? []), history: pastTexts(runs.data?.items ?? []), isLoading: entries.isPending }
}

function allEntries(data: { readonly pages: readonly { readonly items: readonly Entry[] }[] }): readonly Entry[] {
  return data.pages.toReversed().flatMap((page) => page.items)
}

/** The newest first, each once. */
function pastTexts(runs: readonly Run[]): readonly string[] {
  return [...new Set(runs.map(({ text }) => text).filter((text) => text !== ''))]
}

function useMessageActions(session: Session, focusInput: () => void): MessageActions {
  const { orpc, client, cache } = useServices()
  const { mutate: retry, isPending: isRetrying } = useMutation(orpc.runs.retry.mutationOptions())
  const { mutate: fork, isPending: isForking } = useMutation({
    mutationFn: async (entryId: string | null) => {
      const { headId, ...forked } = await client.sessions.fork({ id: session.id, entryId })
      cache.session(forked.activeHeadId === headId ? forked : await client.sessions.patch({ id: session.id, activeHeadId: headId }))
    },
    onSuccess: focusInput,
  })
  const { mutate: send, isPending: isSending } = useMutation(orpc.sessions.send.mutationOptions())
  const busy = isForking || isRetrying || isSending
  const sessionId = session.id
  const isIdle = session.status === 'idle' || session.status === 'interrupted'
  return useMemo(() => ({
    busy,
    sessionId,
    isIdle,
    onContinueFrom: (entryId: string) => fork(entryId),
    onEdit: (entry: Entry, text: string) => send({ id: sessionId, text, afterEntryId: entry.parentId, attachments: attachmentsOf(entry) }),
    onRetry: (id: string) => retry({ id }),
  }), [busy, sessionId, isIdle, fork, retry, send])
}

function attachmentsOf({ payload }: Entry): string[] {
  return payload.kind === 'user_message' ? (payload.attachments ?? []).map(({ id }) => id) : []
}
