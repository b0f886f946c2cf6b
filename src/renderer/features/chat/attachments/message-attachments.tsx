import { useState } from 'react'
import type { Attachment } from '#contract/attachments'
import { Dialog } from '../../../components/dialog'
import { AttachmentChip, placeOfAttachment, useImageData } from './attachment-chip'
import { AttachedText } from './attached-text'

/** What a message took along. A press shows it. */
export function MessageAttachments({ attachments }: { readonly attachments: readonly Attachment[] }) {
  const [shown, setShown] = useState<Attachment | null>(null)
  return (
    <>
      <ul aria-label="Attachments" className="mt-1 flex max-w-[88%] flex-wrap justify-end gap-1.5">
        {attachments.map((attachment) => (
          <li key={attachment.id}>
            <button type="button" aria-label={`Show ${placeOfAttachment(attachment)}`} onClick={() => setShown(attachment)} className="rounded-md text-start hover:bg-hover">
              {attachment.kind === 'image' ? <Picture attachment={attachment} /> : <AttachmentChip attachment={attachment} />}
            </button>
          </li>
        ))}
      </ul>
      {shown !== null && (
        <Dialog wide title={placeOfAttachment(shown)} onClose={() => setShown(null)}>
          {shown.kind === 'image' ? <Picture attachment={shown} large /> : <AttachedText attachment={shown} />}
        </Dialog>
      )}
    </>
  )
}

function Picture({ attachment, large = false }: { readonly attachment: Attachment; readonly large?: boolean }) {
  const source = useImageData(attachment)
  const size = large ? 'max-h-[70vh] max-w-full' : 'h-28 max-w-56'
  return source === null
    ? <AttachmentChip attachment={attachment} />
    : <img src={source} alt={attachment.name} className={`${size} rounded-md border border-line bg-sunken object-contain`} />
}
