import { SendHorizontal, Square } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, type Ref, useState, useSyncExternalStore } from 'react'
import { MAX_MESSAGE_CHARS } from '#contract/sessions'
import { Button } from '../../components/button'
import { useServices } from '../../lib/services'

export interface ComposerProps {
  /** Where the draft is kept: a session, or the place of a new one. */
  readonly draftKey: string
  /** Why nothing can be sent right now; what can be done about it. */
  readonly blocked: ReactNode | null
  /** Resolves when the message is accepted; the draft stays when it rejects. */
  readonly onSend: (text: string) => Promise<void>
  /** Null while no turn works. */
  readonly onStop: (() => void) | null
  readonly inputRef?: Ref<HTMLTextAreaElement>
}

const escapeAgainMs = 2_000

export function Composer({ draftKey, blocked, onSend, onStop, inputRef }: ComposerProps) {
  const { drafts } = useServices()
  const text = useSyncExternalStore(drafts.all.subscribe, () => drafts.get(draftKey))
  const [sending, setSending] = useState(false)
  const [escapedAt, setEscapedAt] = useState(Number.NEGATIVE_INFINITY)
  const isTooLong = text.length > MAX_MESSAGE_CHARS
  const canSend = blocked === null && !sending && !isTooLong && text.trim() !== ''

  const send = async (): Promise<void> => {
    if (!canSend) return
    setSending(true)
    try {
      await onSend(text)
      if (drafts.get(draftKey) === text) drafts.set(draftKey, '')
    } catch {
      // Told by the caller; the draft stays for another try.
    } finally {
      setSending(false)
    }
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault()
      void send()
    } else if (event.key === 'Escape' && onStop !== null) {
      if (event.timeStamp - escapedAt < escapeAgainMs) onStop()
      setEscapedAt(event.timeStamp)
    }
  }
  return (
    <form
      aria-label="Write a message"
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
      className="rounded-lg border border-line-strong bg-surface focus-within:border-accent focus-within:ring-1 focus-within:ring-accent"
    >
      <textarea
        ref={inputRef}
        aria-label="Message"
        data-pane-start
        aria-describedby="composer-note"
        rows={2}
        value={text}
        placeholder={onStop === null ? 'Ask the agent to do something' : 'Add a message; it is queued until this turn is over'}
        onChange={(event) => drafts.set(draftKey, event.target.value)}
        onKeyDown={onKeyDown}
        className="field-sizing-content block max-h-[40vh] min-h-14 w-full resize-none rounded-lg bg-transparent px-3 py-2.5 text-base outline-none"
      />
      <div className="flex items-center gap-2 px-2 pb-2">
        <div id="composer-note" className="min-w-0 flex-1 text-xs text-muted">
          {blocked ?? (isTooLong ? 'This message is too long. Put it into a file and name the file instead.' : hint(onStop !== null))}
        </div>
        {onStop !== null && <Button onClick={onStop} title="Stop this turn (Escape twice)"><Square aria-hidden className="size-3 fill-current" />Stop</Button>}
        <Button type="submit" tone="primary" disabled={!canSend}><SendHorizontal aria-hidden className="size-4" />Send</Button>
      </div>
    </form>
  )
}

function hint(running: boolean): string {
  return running ? 'Escape twice stops the turn' : 'Enter sends, Shift+Enter starts a new line'
}
