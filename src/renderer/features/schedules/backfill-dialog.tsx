import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Schedule } from '#contract/schedules'
import { Button } from '../../components/button'
import { Dialog } from '../../components/dialog'
import { ErrorNote } from '../../components/feedback'
import { TextField } from '../../components/field'
import { formatTimeIn } from '../../lib/format'
import { useLater } from '../../lib/hooks'
import { useServices } from '../../lib/services'
import { instantOf, localText } from '../../lib/zones'
import { occurrenceWords } from './occurrence-words'

const mostListed = 8

/** Makes up for the due times of a span, after it has said how many. */
export function BackfillDialog({ schedule: { id, title, timeZone }, onClose }: { readonly schedule: Schedule; readonly onClose: () => void }) {
  const { client, orpc, toasts } = useServices()
  const [span, setSpan] = useState(() => ({ from: localText(Date.now() - 7 * 86_400_000, timeZone), to: localText(Date.now(), timeZone) }))
  const typed = useLater(span, 250)
  const [from, to] = [instantOf(typed.from, timeZone), instantOf(typed.to, timeZone)]
  const isSpan = from !== null && to !== null && from <= to
  const due = useQuery({ ...orpc.schedules.dueTimes.queryOptions({ input: { id, from: from ?? 0, to: to ?? 0 } }), enabled: isSpan, staleTime: 0 })
  const start = useMutation({
    meta: { shownInPlace: true },
    mutationFn: () => client.schedules.backfill({ id, from: from ?? 0, to: to ?? 0 }),
    onSuccess: ({ created }) => {
      toasts.info(`Making up for ${countWords(created)}.`)
      onClose()
    },
  })
  // What is counted is what is typed.
  const counted = isSpan && typed === span && due.data !== undefined && !due.isFetching ? due.data : null
  const canStart = counted !== null && counted.toRun > 0 && !counted.isCut
  const missing = counted?.items.filter(({ state }) => state === null || state === 'missed' || state === 'skipped' || state === 'asked') ?? []
  return (
    <Dialog
      title={`Make up for “${title}”`}
      onClose={onClose}
      actions={(
        <>
          <Button onClick={onClose}>Close</Button>
          <Button tone="primary" disabled={!canStart || start.isPending} onClick={() => start.mutate()}>{canStart ? `Run ${countWords(counted.toRun)}` : 'Run'}</Button>
        </>
      )}
    >
      <div className="flex flex-col gap-3">
        <p className="text-muted">Due times between these two that did not run are run now. Those that ran stay as they are. Times in {timeZone}.</p>
        <div className="grid gap-3 sm:grid-cols-2">
          <TextField label="From" type="datetime-local" value={span.from} onChange={(event) => setSpan({ ...span, from: event.target.value })} />
          <TextField label="Until" type="datetime-local" value={span.to} onChange={(event) => setSpan({ ...span, to: event.target.value })} />
        </div>
        <div role="status">
          {!isSpan && <p className="text-danger">The end is not after the beginning.</p>}
          {counted?.isCut === true && <p className="text-danger">This span has more than 1,000 due times. Take a shorter one.</p>}
          {counted !== null && !counted.isCut && (
            <p>{counted.toRun === 0 ? 'Nothing is to be made up for here.' : `${countWords(counted.toRun)} of ${counted.items.length.toLocaleString('en')} would be run, one after the other where the schedule says so.`}</p>
          )}
        </div>
        {canStart && (
          <ol aria-label="To be run" className="text-xs text-muted">
            {missing.slice(0, mostListed).map(({ dueAt, state }) => <li key={dueAt}>{formatTimeIn(dueAt, timeZone)}{state !== null && `, ${occurrenceWords[state]}`}</li>)}
            {missing.length > mostListed && <li>and {missing.length - mostListed} more</li>}
          </ol>
        )}
        {due.error !== null && <ErrorNote error={due.error} />}
        {start.error !== null && <ErrorNote error={start.error} />}
      </div>
    </Dialog>
  )
}

function countWords(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'due time' : 'due times'}`
}
