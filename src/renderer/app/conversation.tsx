import { FolderOpen, Lock, MessageSquarePlus } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useMemo } from 'react'
import type { Session } from '#contract/sessions'
import type { Workspace } from '#contract/workspaces'
import { Button } from '../components/button'
import { EmptyState, ErrorNote, Skeleton } from '../components/feedback'
import { ChatView } from '../features/chat/chat-view'
import type { MessageSlots } from '../features/chat/slots'
import { ScratchNote } from '../features/checkpoints/branches/scratch-note'
import { UndoCommand, UndoTurn } from '../features/checkpoints/undo/undo-button'
import { RequestCard } from '../features/requests/request-card'
import { RecentFolders } from '../features/workspace/workspace-switcher'
import { useMediaQuery } from '../lib/hooks'
import { FirstMessage } from './first-message'
import { useFolderActions } from './sidebar'
import { useUi, useUiStore } from './ui-context'
import { useSlashCommands } from './commands/slash/use-slash-commands'
import { useCheckpointActions } from './use-checkpoint-actions'
import { useModelState, useNewSession, useSelection } from './use-window-state'

const Welcome = lazy(async () => ({ default: (await import('../features/welcome/welcome')).Welcome }))

/** The middle of the window: the welcome, the start page, or a session. */
export function Conversation() {
  const selection = useSelection()
  const { sessionId, session } = selection
  const models = useModelState(session.data ?? null)
  return (
    <main data-pane id="main" tabIndex={-1} aria-label="Conversation" className="flex min-w-0 flex-1 flex-col bg-surface">
      {models.error !== null && <ErrorNote error={models.error} className="m-4" />}
      {models.needsWelcome
        ? <Suspense fallback={<Skeleton className="m-6" />}><Welcome hasModels={models.usable.length > 0} /></Suspense>
        : sessionId === null
          ? models.loaded ? <Home folder={selection.folder} /> : <Skeleton className="m-6" />
          : <SessionPane key={sessionId} session={session.data ?? null} error={session.error} workspace={selection.workspace} />}
    </main>
  )
}

function Home({ folder }: { readonly folder: Workspace | null }) {
  const { isDisabled, start } = useNewSession(folder)
  const { ask, openPath } = useFolderActions()
  const isNarrow = useMediaQuery('(max-width: 899px)')
  const isLeftOpen = useUi((state) => state.isOpen.left)
  const hasSidebar = isLeftOpen && !isNarrow
  return (
    <div className="flex flex-1 flex-col items-center justify-center gap-6 overflow-y-auto p-6">
      <EmptyState icon={<MessageSquarePlus />} title={folder === null ? 'Open a folder to work in' : `Ready to work in ${folder.name}`}>
        <p className="max-w-md">
          {folder === null
            ? 'Agents read and change files only inside the folder of their session. Open one at the top left, or start without a folder just to talk.'
            : 'Say what you want done, or choose an earlier session on the left.'}
        </p>
        {!hasSidebar && (
          <div className="mt-2 flex gap-2">
            <Button onClick={ask}><FolderOpen aria-hidden className="size-4" />Open folder</Button>
            <Button tone="primary" disabled={isDisabled} onClick={() => start()}>New session</Button>
          </div>
        )}
      </EmptyState>
      <FirstMessage folder={folder} />
      {folder !== null && (
        <section aria-labelledby="recent" className="w-full max-w-xl">
          <h2 id="recent" className="mb-1 px-2 text-xs font-semibold text-muted">Recent folders</h2>
          <RecentFolders current={folder} onPick={(workspace) => openPath(workspace.path)} />
        </section>
      )}
    </div>
  )
}

/** A session with everything that belongs to its conversation. */
export function SessionPane({ session, error, workspace }: { readonly session: Session | null; readonly error: unknown; readonly workspace: Workspace | null }) {
  const ui = useUiStore()
  const blocked = useBlocked(session)
  const actions = useCheckpointActions(session?.id ?? null)
  if (session === null) {
    return error === null
      ? <Skeleton rows={6} label="Loading the session" className="m-6" />
      : (
        <div className="m-6 flex flex-col items-start gap-3">
          <ErrorNote error={error} />
          <Button onClick={() => ui.getState().go({ view: 'home' })}>Back to the start</Button>
        </div>
      )
  }
  return (
    <>
      {workspace?.trusted === false && (
        <div className="flex items-center gap-2 border-b border-line bg-warning-soft px-4 py-1.5 text-warning">
          <Lock aria-hidden className="size-4 shrink-0" />
          <p className="min-w-0 flex-1">Read-only until you trust this folder.</p>
          <Button small onClick={() => ui.getState().setDialog({ kind: 'trust', workspaceId: workspace.id })}>Decide about trust…</Button>
        </div>
      )}
      {workspace?.available === false && (
        <p role="status" className="border-b border-line bg-danger-soft px-4 py-1.5 text-danger">
          The folder {workspace.path} is not there or cannot be read. The session is kept; its tools work again when the folder is back.
        </p>
      )}
      <ScratchNote sessionId={session.id} actions={actions} />
      <SessionChat session={session} blocked={blocked} />
    </>
  )
}

/** What other features add to the conversation. */
function SessionChat({ session, blocked }: { readonly session: Session; readonly blocked: ReactNode | null }) {
  const { onRestore } = useCheckpointActions(session.id)
  const commands = useSlashCommands(session)
  const { model } = useModelState(session)
  const ui = useUiStore()
  const wanted = useUi((state) => state.target)
  const sessionId = session.id
  // The rows of the conversation are rendered anew only when what they show is another thing.
  const slots = useMemo<MessageSlots>(() => ({
    renderRequest: (request, onAnswered) => <RequestCard key={request.id} request={request} onAnswered={onAnswered} />,
    renderTurnActions: (runId) => <UndoTurn sessionId={sessionId} runId={runId} onReview={onRestore} />,
    renderCallActions: ({ runId, callId }) => <UndoCommand sessionId={sessionId} runId={runId} callId={callId} onReview={onRestore} />,
  }), [sessionId, onRestore])
  return (
    <ChatView
      session={session}
      blocked={blocked}
      target={wanted?.sessionId === sessionId ? { entryId: wanted.entryId, onShown: () => ui.getState().setTarget(null) } : null}
      commands={commands}
      seesImages={model?.images ?? true}
      slots={slots}
    />
  )
}

/** Why the session cannot take a message now, as far as that is known: what is sent before, the host accepts or refuses. */
function useBlocked(session: Session | null): ReactNode | null {
  const ui = useUiStore()
  const { loaded, modelId, model } = useModelState(session)
  if (session !== null && session.deletedAt !== null) return 'This session is in the bin. Take it out in the list (Bin) to go on.'
  if (session?.archived === true) return 'This session is archived. Unarchive it in the list to go on.'
  if (loaded && modelId === null) return 'Choose a model in the status bar first.'
  if (model?.available === false) {
    return (
      <span className="text-warning">
        {model.name} cannot be used: its provider has no key or does not answer.{' '}
        <button type="button" className="underline" onClick={() => ui.getState().setDialog({ kind: 'settings' })}>Check the settings</button>
      </span>
    )
  }
  return null
}
