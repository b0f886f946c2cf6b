import { useEffect, useRef } from 'react'
import type { Step } from '#contract/runs'
import { useLiveText } from '../../../lib/services'

const mostChars = 2_000

/** What the step at work says or puts out right now; the newest of it stays in sight. */
export function LiveStep({ step }: { readonly step: Step }) {
  const { text } = useLiveText(step.id, step.kind === 'tool' ? 'output' : 'text')
  const box = useRef<HTMLPreElement>(null)
  const shown = text.slice(-mostChars)
  useEffect(() => {
    if (box.current !== null) box.current.scrollTop = box.current.scrollHeight
  }, [shown])
  return (
    <section aria-label="What it does now" className="rounded-md bg-sunken px-2.5 py-1.5">
      <p className="text-xs font-medium">{step.kind === 'tool' ? `Uses ${step.name}` : 'Writes'}</p>
      {shown !== '' && <pre ref={box} tabIndex={0} aria-label="Live output" className="max-h-40 overflow-y-auto font-mono text-xs break-words whitespace-pre-wrap">{text.length > shown.length && '…'}{shown}</pre>}
    </section>
  )
}
