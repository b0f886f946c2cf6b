import { useQuery } from '@tanstack/react-query'
import type { Attachment } from '#contract/attachments'
import { ErrorNote, Skeleton } from '../../../components/feedback'
import { useServices } from '../../../lib/services'

const maxShownChars = 100_000

export function AttachedText({ attachment }: { readonly attachment: Attachment }) {
  const { orpc } = useServices()
  const content = useQuery({ ...orpc.attachments.read.queryOptions({ input: { id: attachment.id } }), gcTime: 60_000, retry: false })
  if (content.isPending) return <Skeleton rows={6} label="Loading the attachment" />
  if (content.error !== null) return <ErrorNote error={content.error} />
  const text = content.data.text ?? ''
  return (
    <>
      <pre tabIndex={0} aria-label={attachment.name} className="max-h-[60vh] overflow-auto rounded-md bg-sunken p-3 font-mono text-xs break-words whitespace-pre-wrap">{text.slice(0, maxShownChars)}</pre>
      {text.length > maxShownChars && <p className="mt-1 text-xs text-muted">The first {maxShownChars.toLocaleString('en')} of {text.length.toLocaleString('en')} characters. The model gets all of it.</p>}
    </>
  )
}
