import { AlertTriangle, ArrowRightLeft, CircleStop, FileMinus2, ListChecks, ScrollText, ShieldAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import type { PayloadOf } from '#contract/entries'
import { assertNever } from '../../lib/assert-never'
import { formatTokens } from '../../lib/format'

type MarkerPayload = PayloadOf<'summary' | 'context_discard' | 'behavior_change' | 'guardrail' | 'mode_change' | 'model_change' | 'run_ended'>

const endedWords = {
  failed: 'The turn failed.',
  cancelled: 'Stopped by you.',
  interrupted: 'Interrupted: Trestle stopped during this turn.',
} as const

const guardWords = { warned: 'A guardrail warns.', allowed: 'You let it go on.', stopped: 'A guardrail stopped this.' } as const

/** A line between messages that says what changed for the model. */
export function Marker({ payload }: { readonly payload: MarkerPayload }) {
  switch (payload.kind) {
    case 'summary':
      return (
        <details className="rounded-md border border-line bg-sunken px-3 py-2 text-xs text-muted">
          <summary className="flex items-center gap-2">
            <ScrollText aria-hidden className="size-3.5" />
            The model now sees a summary of what is above ({formatTokens(payload.tokensBefore)} → {formatTokens(payload.tokensAfter)} tokens)
          </summary>
          <p className="mt-2 whitespace-pre-wrap text-ink">{payload.text}</p>
        </details>
      )
    case 'context_discard':
      return (
        <Line icon={<FileMinus2 />}>
          The model no longer sees {payload.entryIds.length} tool {payload.entryIds.length === 1 ? 'output' : 'outputs'} ({formatTokens(payload.tokens)} tokens)
        </Line>
      )
    case 'behavior_change': return <RulesChange payload={payload} />
    case 'guardrail': return <Line icon={<ShieldAlert />}>{guardWords[payload.outcome]} {payload.why}</Line>
    case 'mode_change': return <Line icon={<ArrowRightLeft />}>Mode changed from {payload.from} to {payload.to}</Line>
    case 'model_change': return <Line icon={<ArrowRightLeft />}>Model changed to {payload.to ?? 'the default'}</Line>
    case 'run_ended':
      return (
        <Line icon={payload.state === 'cancelled' ? <CircleStop /> : <AlertTriangle />}>
          {endedWords[payload.state]} {payload.error?.message}
        </Line>
      )
    default: return assertNever(payload)
  }
}

/** Which rules shape the agent from here on. */
function RulesChange({ payload: { rules, added, removed } }: { readonly payload: PayloadOf<'behavior_change'> }) {
  return (
    <details className="text-xs text-muted">
      <summary className="flex items-start gap-2 py-0.5">
        <ListChecks aria-hidden className="mt-0.5 size-3.5" />
        {rules.length === 0 ? 'No rules shape the agent any more' : `Rules that shape the agent: ${rules.length}${removed.length === 0 && added.length === rules.length ? '' : ' (changed)'}`}
      </summary>
      <ul className="mt-1 flex flex-col gap-0.5 ps-5.5 text-ink">
        {added.map((text) => <li key={`+${text}`} className="break-words"><span className="text-muted">Now: </span>{text}</li>)}
        {removed.map((text) => <li key={`-${text}`} className="break-words"><span className="text-muted">No longer: </span>{text}</li>)}
      </ul>
    </details>
  )
}

function Line({ icon, children }: { readonly icon: ReactNode; readonly children: ReactNode }) {
  return (
    <p className="flex items-start gap-2 py-0.5 text-xs text-muted">
      <span aria-hidden className="mt-0.5 [&_svg]:size-3.5">{icon}</span>
      <span className="min-w-0 break-words">{children}</span>
    </p>
  )
}
