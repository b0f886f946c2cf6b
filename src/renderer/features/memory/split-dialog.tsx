import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { MemoryItem } from '#contract/memory'
import { Button } from '../../components/button'
import { Dialog } from '../../components/dialog'
import { ErrorNote } from '../../components/feedback'
import { inputStyle } from '../../components/field'
import { classNames } from '../../lib/class-names'
import { useServices } from '../../lib/services'

/** Makes several items of one: an empty line parts them. */
export function SplitDialog({ item, onClose, onSplit }: { readonly item: MemoryItem; readonly onClose: () => void; readonly onSplit: (firstId: string) => void }) {
  const { orpc } = useServices()
  const [text, setText] = useState(() => item.text.split(/(?<=[.!?])\s+(?=\p{Lu})/u).join('\n\n'))
  const parts = text.split(/\n\s*\n/).map((part) => part.trim()).filter((part) => part !== '')
  const split = useMutation(orpc.memory.split.mutationOptions({ meta: { shownInPlace: true }, onSuccess: ({ items }) => { onClose(); onSplit(items[0]?.id ?? item.id) } }))
  return (
    <Dialog
      title="Split into several" onClose={onClose}
      actions={<><Button onClick={onClose}>Cancel</Button><Button tone="primary" disabled={parts.length < 2 || parts.length > 50 || split.isPending} onClick={() => split.mutate({ id: item.id, texts: parts })}>Make {parts.length} items</Button></>}
    >
      <label className="flex flex-col gap-1 text-sm">
        An empty line parts one item from the next. The first stays this one.
        <textarea value={text} rows={12} autoFocus className={classNames(inputStyle, 'h-auto py-1.5')} onChange={(event) => setText(event.target.value)} />
      </label>
      {split.error !== null && <ErrorNote error={split.error} className="mt-2" />}
    </Dialog>
  )
}
