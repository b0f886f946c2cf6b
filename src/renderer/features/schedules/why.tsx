import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '../../components/button'
import { ErrorNote } from '../../components/feedback'
import { inputStyle } from '../../components/field'
import { Section } from '../../components/section'
import { formatTimeIn } from '../../lib/format'
import { useNow } from '../../lib/hooks'
import { useServices } from '../../lib/services'
import { instantOf, localText } from '../../lib/zones'
import { occurrenceWords } from './occurrence-words'

const mostShown = 48

/** The answer for any due time: pick a day, then one of its due times. */
export function Why({ id, timeZone }: { readonly id: string; readonly timeZone: string }) {
  const { client, orpc } = useServices()
  const now = useNow(60_000)
  const today = localText(now, timeZone).slice(0, 10)
  const [day, setDay] = useState(today)
  const from = instantOf(`${day}T00:00`, timeZone)
  const due = useQuery({
    ...orpc.schedules.dueTimes.queryOptions({ input: { id, from: from ?? 0, to: (from ?? 0) + 86_400_000 - 1 } }), enabled: from !== null, staleTime: 0,
  })
  const ask = useMutation({ meta: { shownInPlace: true }, mutationFn: (at: number) => client.schedules.why({ id, at }) })
  const items = due.data?.items ?? []
  return (
    <Section title="Why did it not run?">
      <div className="flex flex-col gap-2">
        <label className="flex items-center gap-2">
          <span className="shrink-0">Due times of</span>
          <input type="date" value={day} max={today} onChange={(event) => setDay(event.target.value)} className={inputStyle} />
        </label>
        {due.error !== null && <ErrorNote error={due.error} />}
        {due.isSuccess && items.length === 0 && (
          <p className="text-muted">
            It had no due time until now on that day.{' '}
            {from !== null && <button type="button" className="text-accent hover:underline" onClick={() => ask.mutate(from + 86_400_000 - 1)}>Ask about the one before</button>}
          </p>
        )}
        {items.length > 0 && (
          <ul aria-label="Due times of that day" className="flex max-h-40 flex-wrap gap-1.5 overflow-y-auto">
            {items.slice(0, mostShown).map(({ dueAt, state }) => (
              <li key={dueAt}>
                <Button small disabled={ask.isPending} onClick={() => ask.mutate(dueAt)}>{localText(dueAt, timeZone).slice(11)} <span className="font-normal text-muted">{state === null ? 'nothing known' : occurrenceWords[state]}</span></Button>
              </li>
            ))}
          </ul>
        )}
        {items.length > mostShown && <AtTime day={day} timeZone={timeZone} isBusy={ask.isPending} onAsk={(at) => ask.mutate(at)} />}
        {ask.data !== undefined && <p role="status" className="rounded-md bg-sunken px-2.5 py-1.5">{ask.data.dueAt !== null && <strong className="font-semibold">{formatTimeIn(ask.data.dueAt, timeZone)}: </strong>}{ask.data.explanation}</p>}
        {ask.error !== null && <ErrorNote error={ask.error} />}
      </div>
    </Section>
  )
}

/** Where there are too many to pick from. */
function AtTime({ day, timeZone, isBusy, onAsk }: { readonly day: string; readonly timeZone: string; readonly isBusy: boolean; readonly onAsk: (at: number) => void }) {
  const [time, setTime] = useState('')
  const at = instantOf(`${day}T${time}`, timeZone)
  return (
    <form
      className="flex items-center gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        if (at !== null) onAsk(at)
      }}
    >
      <label className="flex min-w-0 flex-1 items-center gap-2">
        <span className="shrink-0">The first {mostShown} are shown; or at</span>
        <input type="time" step={1} value={time} onChange={(event) => setTime(event.target.value)} className={inputStyle} />
      </label>
      <Button type="submit" disabled={at === null || isBusy}>Ask</Button>
    </form>
  )
}
