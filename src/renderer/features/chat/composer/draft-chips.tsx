import { MessageSquareQuote, X } from 'lucide-react'
import { useState } from 'react'
import { IconButton } from '../../../components/button'
import { inputStyle } from '../../../components/field'
import { classNames } from '../../../lib/class-names'
import type { DraftParts, LineComment, MessageParts } from '../../../lib/draft-parts'
import { useServices } from '../../../lib/services'
import { AttachmentChip } from '../attachments/attachment-chip'

/** What goes with the next message: attachments and comments, each to be taken back. */
export function DraftChips({ sessionId, shown, seesImages }: { readonly sessionId: string; readonly shown: MessageParts; readonly seesImages: boolean }) {
  const { client, parts } = useServices()
  if (shown.attachments.length === 0 && shown.comments.length === 0) return null
  const removeAttachment = (id: string): void => {
    parts.change(sessionId, (before) => ({ ...before, attachments: before.attachments.filter((other) => other.id !== id) }))
    // What a message has already stays; everything else need not be kept.
    client.attachments.remove({ id }).catch(() => undefined)
  }
  return (
    <ul aria-label="Goes with the message" className="flex max-h-40 flex-wrap gap-1.5 overflow-y-auto px-2 pt-2">
      {shown.attachments.map((attachment) => (
        <li key={attachment.id} className="max-w-full">
          <AttachmentChip attachment={attachment} unseen={attachment.kind === 'image' && !seesImages} onRemove={() => removeAttachment(attachment.id)} />
        </li>
      ))}
      {shown.comments.map((comment) => <li key={comment.id} className="w-full"><CommentChip sessionId={sessionId} comment={comment} parts={parts} /></li>)}
    </ul>
  )
}

function CommentChip({ sessionId, comment, parts }: { readonly sessionId: string; readonly comment: LineComment; readonly parts: DraftParts }) {
  const [editing, setEditing] = useState(false)
  const place = `${comment.path}:${comment.lines.from}${comment.lines.to > comment.lines.from ? `–${comment.lines.to}` : ''}`
  const change = (text: string): void =>
    parts.change(sessionId, (before) => ({ ...before, comments: before.comments.map((other) => (other.id === comment.id ? { ...other, text } : other)) }))
  const remove = (): void => parts.change(sessionId, (before) => ({ ...before, comments: before.comments.filter((other) => other.id !== comment.id) }))
  return (
    <div className="flex items-start gap-1.5 rounded-md border border-line bg-surface py-1 ps-2 text-xs">
      <MessageSquareQuote aria-hidden className="mt-0.5 size-3.5 shrink-0 text-accent" />
      <div className="min-w-0 flex-1">
        <p className="truncate font-mono text-muted" dir="auto">{place}</p>
        <p className="truncate border-s-2 border-line ps-2 font-mono text-muted" dir="auto">{comment.quote}</p>
        {editing
          ? (
            <textarea
              aria-label={`Comment on ${place}`}
              autoFocus
              rows={2}
              value={comment.text}
              onChange={(event) => change(event.target.value)}
              onBlur={() => (comment.text.trim() === '' ? remove() : setEditing(false))}
              onKeyDown={(event) => {
                if (event.key !== 'Escape' && !(event.key === 'Enter' && !event.shiftKey)) return
                event.preventDefault()
                event.stopPropagation()
                event.currentTarget.blur()
              }}
              className={classNames(inputStyle, 'mt-1 field-sizing-content h-auto max-h-32 resize-none py-1')}
            />
          )
          : <button type="button" onClick={() => setEditing(true)} title="Edit this comment" className="w-full rounded-sm py-0.5 text-start break-words hover:bg-hover" dir="auto">{comment.text}</button>}
      </div>
      <IconButton label={`Remove the comment on ${place}`} title="Remove" icon={<X />} className="size-6!" onClick={remove} />
    </div>
  )
}
