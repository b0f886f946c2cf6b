import { useMutation } from '@tanstack/react-query'
import { SendHorizontal } from 'lucide-react'
import { useState } from 'react'
import type { Workspace } from '#contract/workspaces'
import { MAX_MESSAGE_CHARS } from '#contract/sessions'
import { Button } from '../components/button'
import { TextEntry } from '../components/text-entry'
import { useServices } from '../lib/services'
import { useUiStore } from './ui-context'
import { useNewSession } from './use-window-state'

const draftKey = 'home'

/** On the start page: what is written here begins a session in the folder. The draft is kept until it is sent. */
export function FirstMessage({ folder }: { readonly folder: Workspace | null }) {
  const ui = useUiStore()
  const { client, cache, drafts } = useServices()
  const { isDisabled, reason } = useNewSession(folder)
  const [text, setText] = useState(() => drafts.get(draftKey))
  const write = (next: string): void => {
    setText(next)
    drafts.set(draftKey, next)
  }
  const send = useMutation({
    mutationFn: async (message: string) => {
      const session = await client.sessions.create({ workspaceId: folder?.id ?? null })
      cache.session(session)
      // From here on the message belongs to the session, whatever happens to the call.
      drafts.set(session.id, message)
      write('')
      ui.getState().go({ view: 'session', sessionId: session.id })
      await client.sessions.send({ id: session.id, text: message })
      if (drafts.get(session.id) === message) drafts.set(session.id, '')
    },
  })
  const canSend = !isDisabled && !send.isPending && text.trim() !== '' && text.length <= MAX_MESSAGE_CHARS
  const submit = (): void => {
    if (canSend) send.mutate(text)
  }
  return (
    <form
      aria-label="Begin a session"
      className="flex w-full max-w-xl flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <TextEntry
        aria-label="What shall be done?"
        placeholder={folder === null ? 'Ask something' : `Ask for something to be done in ${folder.name}`}
        value={text}
        onChange={write}
        onSend={submit}
        className="max-h-60 min-h-20 rounded-lg text-base"
      />
      <div className="flex items-center gap-2">
        <p className="min-w-0 flex-1 text-xs text-muted">{reason ?? 'Enter begins a session, Shift+Enter starts a new line'}</p>
        <Button type="submit" tone="primary" disabled={!canSend}><SendHorizontal aria-hidden className="size-4" />Begin</Button>
      </div>
    </form>
  )
}
