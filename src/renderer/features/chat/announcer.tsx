import { useState } from 'react'
import type { Run } from '#contract/runs'

const words: Readonly<Partial<Record<Run['state'], string>>> = {
  running: 'The agent is working.',
  waiting: 'The agent waits for your decision.',
  completed: 'Reply finished.',
  failed: 'The turn failed.',
  cancelled: 'The turn was stopped.',
  interrupted: 'The turn was interrupted.',
}

/** Tells a screen reader how the turn goes: its state when it changes, never the words of a reply, and nothing of what was there before. */
export function Announcer({ run }: { readonly run: Run | null }) {
  const [first] = useState(run === null ? null : `${run.id} ${run.state}`)
  const isNew = run !== null && `${run.id} ${run.state}` !== first
  return <p aria-live="polite" className="sr-only">{isNew ? words[run.state] : ''}</p>
}
