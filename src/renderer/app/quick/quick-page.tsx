import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import { ExternalLink, Plus, SendHorizontal } from 'lucide-react'
import { useEffect, useLayoutEffect, useState } from 'react'
import { MAX_MESSAGE_CHARS } from '#contract/sessions'
import { Button } from '../../components/button'
import { ErrorNote, Skeleton } from '../../components/feedback'
import { SelectField } from '../../components/field'
import { routeHash } from '../../lib/route'
import { useServices } from '../../lib/services'
import { Banners } from '../banners'
import { SessionPane } from '../conversation'
import { Dialogs } from '../dialogs'
import { useUi, useUiStore } from '../ui-context'
import { useThemeSetting } from '../use-theme-setting'
import { useModelState, useSelection } from '../use-window-state'
import { QuickTask } from './quick-task'

const maxSessions = 30

/** A small window of its own: write, pick where, send, watch the answer, go on in the workbench. */
export function QuickPage() {
  const route = useUi((state) => state.route)
  useThemeSetting()
  useHideOnEscape()
  useEffect(() => {
    document.title = 'Quick prompt – Trestle'
  }, [])
  return (
    <div className="flex h-full flex-col bg-surface">
      <Banners />
      {route.view === 'session' ? <QuickSession /> : <QuickPrompt />}
      <Dialogs />
    </div>
  )
}

/** The desktop hides the window instead of closing it; a browser closes what a page opened. */
function useHideOnEscape(): void {
  useLayoutEffect(() => {
    const hide = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.defaultPrevented && document.querySelector('dialog:modal') === null) window.close()
    }
    window.addEventListener('keydown', hide)
    return () => window.removeEventListener('keydown', hide)
  }, [])
}

function QuickSession() {
  const ui = useUiStore()
  const { session, sessionId, workspace } = useSelection()
  return (
    <>
      <header className="flex shrink-0 items-center gap-2 border-b border-line bg-canvas px-3 py-1.5">
        <h1 className="min-w-0 flex-1 truncate font-semibold">{session.data?.title ?? 'Quick prompt'}</h1>
        <Button small onClick={() => ui.getState().go({ view: 'home' })}><Plus aria-hidden className="size-3.5" />New prompt</Button>
        {sessionId !== null && (
          <Button small onClick={() => void window.open(`/${routeHash({ view: 'session', sessionId })}`, '_blank')}><ExternalLink aria-hidden className="size-3.5" />Open in the workbench</Button>
        )}
      </header>
      <main id="main" tabIndex={-1} aria-label="Conversation" className="flex min-h-0 flex-1 flex-col">
        {sessionId !== null && <SessionPane key={sessionId} session={session.data ?? null} error={session.error} workspace={workspace} />}
      </main>
    </>
  )
}

function QuickPrompt() {
  const ui = useUiStore()
  const { client, cache, drafts, queries } = useServices()
  const { folder } = useSelection()
  const { needsWelcome, loaded } = useModelState(null)
  const workspaces = useQuery(queries.workspaces())
  const [picked, setPicked] = useState<string | null>(null)
  const [sessionId, setSessionId] = useState('')
  const [text, setText] = useState(() => drafts.get('quick'))
  const write = (next: string): void => {
    setText(next)
    drafts.set('quick', next)
  }
  const folderId = picked ?? folder?.id ?? ''
  const sessions = useInfiniteQuery({ ...queries.sessions('active'), select: (data) => data.pages.flatMap((page) => page.items) })
  const here = (sessions.data ?? []).filter(({ workspaceId }) => (workspaceId ?? '') === folderId).slice(0, maxSessions)
  const send = useMutation({
    meta: { shownInPlace: true },
    mutationFn: async () => {
      const session = sessionId === '' ? await client.sessions.create({ workspaceId: folderId === '' ? null : folderId }) : await client.sessions.get({ id: sessionId })
      cache.session(session)
      // Another try goes into the same session.
      setSessionId(session.id)
      await client.sessions.send({ id: session.id, text })
      return session.id
    },
    onSuccess: (id) => {
      drafts.set('quick', '')
      ui.getState().go({ view: 'session', sessionId: id })
    },
  })
  if (!loaded || workspaces.isPending) return <Skeleton rows={4} className="p-4" label="Loading" />
  const canSend = !needsWelcome && !send.isPending && text.trim() !== '' && text.length <= MAX_MESSAGE_CHARS
  return (
    <main id="main" aria-label="Quick prompt" className="mx-auto flex min-h-0 w-full max-w-2xl flex-1 flex-col overflow-y-auto p-4">
      <h1 className="mb-2 font-semibold">Quick prompt</h1>
      <form
        aria-label="Quick prompt"
        className="flex min-h-0 flex-1 flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          if (canSend) send.mutate()
        }}
      >
        <textarea
          autoFocus
          aria-label="Message"
          value={text}
          placeholder="Ask the agent to do something"
          onChange={(event) => write(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
            event.preventDefault()
            if (canSend) send.mutate()
          }}
          className="max-h-80 min-h-24 flex-1 resize-none rounded-lg border border-line-strong bg-surface px-3 py-2.5 text-base"
        />
        <div className="grid gap-3 sm:grid-cols-2">
          <SelectField
            label="Folder"
            value={folderId}
            choices={[...(workspaces.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })), { value: '', label: 'No folder' }]}
            onChange={(id) => {
              setPicked(id)
              setSessionId('')
            }}
          />
          <SelectField label="Session" value={sessionId} choices={[{ value: '', label: 'New session' }, ...here.map(({ id, title }) => ({ value: id, label: title }))]} onChange={setSessionId} />
        </div>
        {needsWelcome && <ErrorNote error="No model can be used yet. Open the workbench and choose one first." />}
        {send.error !== null && <ErrorNote error={send.error} />}
        <QuickTask text={text.trim()} folderId={folderId} isDisabled={!canSend || text.length > 200_000} onMade={() => write('')} onUndone={write} />
        <div className="flex items-center gap-2">
          <p className="flex-1 text-xs text-muted">Enter sends, Escape closes</p>
          <Button type="submit" tone="primary" disabled={!canSend}><SendHorizontal aria-hidden className="size-4" />{send.isPending ? 'Sending…' : 'Send'}</Button>
        </div>
      </form>
    </main>
  )
}
