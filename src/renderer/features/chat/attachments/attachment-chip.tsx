import { useQuery } from '@tanstack/react-query'
import { EyeOff, FileText, X } from 'lucide-react'
import type { Attachment } from '#contract/attachments'
import { IconButton } from '../../../components/button'
import { classNames } from '../../../lib/class-names'
import { formatBytes, formatTokens } from '../../../lib/format'
import { useServices } from '../../../lib/services'

export function placeOfAttachment({ path, name, lines }: Attachment): string {
  return `${path ?? name}${lines === null ? '' : lines.from === lines.to ? `:${lines.from}` : `:${lines.from}–${lines.to}`}`
}

/** One attachment with its size and what it takes of the model's window. */
export function AttachmentChip({ attachment, unseen = false, onRemove }: {
  readonly attachment: Attachment
  /** An image for a model that cannot see. */
  readonly unseen?: boolean
  readonly onRemove?: () => void
}) {
  const place = placeOfAttachment(attachment)
  return (
    <span className={classNames('inline-flex max-w-72 items-center gap-1.5 rounded-md border bg-surface py-0.5 ps-1.5 text-xs', onRemove === undefined && 'pe-2', unseen ? 'border-warning' : 'border-line')}>
      {attachment.kind === 'image' ? <Thumbnail attachment={attachment} /> : <FileText aria-hidden className="size-3.5 shrink-0 text-muted" />}
      <span className="min-w-0 truncate" dir="auto" title={attachment.excerpt === '' ? place : `${place}\n\n${attachment.excerpt}`}>{place}</span>
      <span className="shrink-0 text-muted">{formatBytes(attachment.bytes)} · {formatTokens(attachment.tokens)} tokens</span>
      {unseen && <span className="inline-flex shrink-0 items-center gap-1 text-warning"><EyeOff aria-hidden className="size-3.5" />not seen by this model</span>}
      {onRemove !== undefined && <IconButton label={`Remove ${place}`} title="Remove" icon={<X />} className="size-6!" onClick={onRemove} />}
    </span>
  )
}

/** The content comes over our own connection and goes into the page as data: nothing is requested by being shown. */
export function useImageData(attachment: Attachment): string | null {
  const { orpc } = useServices()
  const content = useQuery({ ...orpc.attachments.read.queryOptions({ input: { id: attachment.id } }), enabled: attachment.kind === 'image', gcTime: 60_000, retry: false })
  const base64 = content.data?.base64 ?? null
  return base64 === null || !/^image\/(png|jpeg|gif|webp)$/.test(attachment.mimeType) ? null : `data:${attachment.mimeType};base64,${base64}`
}

function Thumbnail({ attachment }: { readonly attachment: Attachment }) {
  const source = useImageData(attachment)
  return source === null
    ? <span aria-hidden className="skeleton size-6 shrink-0" />
    : <img src={source} alt="" className="size-6 shrink-0 rounded-sm object-cover" />
}
