import { FileSearch } from 'lucide-react'
import { useRef, useState } from 'react'
import { ReceiptSchema } from '#contract/receipts'
import { Button } from '../../../components/button'
import { errorMessage } from '../../../lib/error-message'
import { useServices } from '../../../lib/services'

interface Verdict {
  readonly isGood: boolean
  readonly text: string
}

/** Says of a receipt that somebody kept whether it is as it was made. */
export function CheckReceipt() {
  const { client } = useServices()
  const input = useRef<HTMLInputElement>(null)
  const [verdict, setVerdict] = useState<Verdict | null>(null)
  const check = async (file: File): Promise<Verdict> => {
    const read = ReceiptSchema.safeParse(parse(await file.text()))
    if (!read.success) return { isGood: false, text: `${file.name} is no receipt.` }
    const receipt = read.data
    const { valid, firstChanged } = await client.receipts.verify(receipt)
    if (!valid) return { isGood: false, text: firstChanged === null ? 'It was changed after it was made.' : `It was changed: record ${firstChanged} of ${receipt.records.length} is not as it was made.` }
    // A chain that was made anew from end to end is whole, but not the one that is on record here.
    const own = await client.receipts.get({ id: receipt.runId }).catch(() => null)
    if (own === null) return { isGood: true, text: 'It is whole. The run is not known here, so it could not be compared with the record.' }
    return own.hash === receipt.hash
      ? { isGood: true, text: `It is as it was made: ${receipt.records.length} records${receipt.task === null ? '' : ` of “${receipt.task.title}”, attempt ${receipt.task.attempt}`}.` }
      : { isGood: false, text: 'It is whole, but it is not what is on record here.' }
  }
  return (
    <div className="flex flex-col gap-1.5">
      <input
        ref={input}
        type="file"
        accept="application/json,.json"
        aria-label="A receipt to check"
        className="hidden"
        onChange={(event) => {
          const [file] = event.target.files ?? []
          event.target.value = ''
          if (file !== undefined) check(file).then(setVerdict, (error: unknown) => setVerdict({ isGood: false, text: errorMessage(error) }))
        }}
      />
      <Button small className="self-start" onClick={() => input.current?.click()}><FileSearch aria-hidden className="size-3.5" />Check a receipt…</Button>
      {verdict !== null && <p role="status" className={verdict.isGood ? 'text-success' : 'text-danger'}>{verdict.text}</p>}
    </div>
  )
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
