import { useSyncExternalStore } from 'react'
import type { Entry } from '#contract/entries'
import { Button } from '../../components/button'
import { TextEntry } from '../../components/text-entry'
import { useServices } from '../../lib/services'

export const editKey = (entry: Pick<Entry, 'id'>): string => `edit ${entry.id}`

/** An earlier message in its place, to be sent anew on a branch of its own. What is typed is kept as a draft. */
export function EditMessage({ entry, text, busy, onSend, onClose }: {
  readonly entry: Entry
  readonly text: string
  readonly busy: boolean
  readonly onSend: (text: string) => void
  readonly onClose: () => void
}) {
  const { drafts } = useServices()
  const draft = useSyncExternalStore(drafts.all.subscribe, () => drafts.get(editKey(entry))) || text
  const close = (): void => {
    drafts.set(editKey(entry), '')
    onClose()
  }
  const send = (): void => {
    if (draft.trim() === '' || busy) return
    onSend(draft)
    close()
  }
  return (
    <form
      aria-label="Edit your message"
      className="flex w-full max-w-[88%] flex-col gap-2 rounded-lg border border-accent bg-surface p-2"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <TextEntry
        aria-label="Your message, edited"
        autoFocus
        value={draft}
        onFocus={(event) => event.target.setSelectionRange(draft.length, draft.length)}
        onChange={(next) => drafts.set(editKey(entry), next)}
        onSend={send}
        onCancel={close}
        className="max-h-[40vh] text-base"
      />
      <div className="flex items-center justify-end gap-2">
        <p className="min-w-0 flex-1 text-xs text-muted">What came after stays on its own branch.</p>
        <Button small tone="quiet" onClick={close}>Cancel</Button>
        <Button small tone="primary" type="submit" disabled={busy || draft.trim() === ''}>Send on a new branch</Button>
      </div>
    </form>
  )
}
