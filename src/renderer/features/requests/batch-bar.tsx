import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { Decision } from '#contract/entries'
import type { HumanRequest } from '#contract/human-requests'
import { Button } from '../../components/button'
import { ErrorNote } from '../../components/feedback'
import { useServices } from '../../lib/services'
import { canBatch, sharedDecisions } from './batch'
import { DurationField, useGrantTerms } from './grant-terms'
import { useMeantClick } from './use-meant-click'

const labels: Readonly<Record<Decision, string>> = { once: 'Allow once', session: 'Allow for their sessions', always: 'Always allow', reject: 'Reject' }

/** Answers the approvals that are picked, all in one call. Only shown where there are several. */
export function BatchBar({ requests, picked, onPick }: {
  readonly requests: readonly HumanRequest[]
  readonly picked: ReadonlySet<string>
  readonly onPick: (ids: readonly string[]) => void
}) {
  const { orpc, toasts } = useServices()
  const [failed, setFailed] = useState<string | null>(null)
  const terms = useGrantTerms()
  const meant = useMeantClick()
  const answer = useMutation(orpc.humanRequests.answerMany.mutationOptions({
    meta: { shownInPlace: true },
    onSuccess: ({ items }) => {
      const errors = items.filter(({ error }) => error !== null)
      const done = items.length - errors.length
      onPick(errors.map(({ id }) => id))
      setFailed(errors.length === 0 ? null : `${errors.length} of ${items.length} could not be answered. ${errors[0]?.error?.message ?? ''}`)
      if (done > 0) toasts.info(`${done} ${done === 1 ? 'is' : 'are'} answered.`)
    },
  }))
  const able = requests.filter(canBatch)
  if (able.length < 2) return failed === null ? null : <ErrorNote error={failed} />
  const chosen = able.filter(({ id }) => picked.has(id))
  const isAll = chosen.length === able.length
  const decisions = sharedDecisions(chosen)
  const decide = (decision: Decision): void => {
    const grant = decision === 'session' || decision === 'always' ? terms.read() : undefined
    answer.mutate({ answers: chosen.map(({ id }) => ({ id, decision, ...(grant && { grant }) })) })
  }
  return (
    <div role="group" aria-label="Several at once" className="sticky -top-3 z-10 -mx-3 -mt-3 mb-3 flex flex-col gap-2 border-b border-line bg-raised px-3 py-2">
      <label className="flex items-center gap-2 text-xs">
        <input type="checkbox" checked={isAll} onChange={() => onPick(isAll ? [] : able.map(({ id }) => id))} className="size-4 accent-(--accent)" />
        {chosen.length === 0 ? `Pick all ${able.length} approvals` : `${chosen.length} of ${able.length} approvals picked`}
      </label>
      {chosen.length > 0 && (
        <>
          {decisions.includes('session') && <DurationField minutes={terms.minutes} onChange={terms.setMinutes} />}
          <div className="flex flex-wrap gap-2">
            {decisions.map((decision) => (
              <Button key={decision} small tone={decision === 'once' ? 'primary' : 'plain'} disabled={answer.isPending} onClick={meant(() => decide(decision))}>{`${labels[decision]} (${chosen.length})`}</Button>
            ))}
          </div>
        </>
      )}
      {failed !== null && <ErrorNote error={failed} />}
      {answer.error !== null && <ErrorNote error={answer.error} />}
    </div>
  )
}
