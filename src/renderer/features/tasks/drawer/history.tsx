import { useInfiniteQuery } from '@tanstack/react-query'
import type { TaskChange } from '#contract/tasks'
import { Button } from '../../../components/button'
import { DiffView } from '../../../components/diff/diff-view'
import { ErrorNote, Skeleton } from '../../../components/feedback'
import { formatTime } from '../../../lib/format'
import { useServices } from '../../../lib/services'
import { fieldText, fieldWords } from './field-words'

const actors: Readonly<Record<TaskChange['by'], string>> = { person: 'a person', agent: 'an agent', schedule: 'its schedule', script: 'a script', trestle: 'Trestle' }

/** Every change, the newest first, with what it changed. */
export function History({ id }: { readonly id: string }) {
  const { queries } = useServices()
  const history = useInfiniteQuery({ ...queries.taskHistory(id), select: (data) => data.pages.flatMap((page) => page.items) })
  if (history.error !== null) return <ErrorNote error={history.error} onRetry={() => void history.refetch()} />
  if (history.data === undefined) return <Skeleton rows={2} label="Loading the history" />
  return (
    <>
      <ol className="flex flex-col gap-2">
        {history.data.map((change) => (
          <li key={change.revision} className="border-l-2 border-line pl-2.5">
            <p className="break-words">{change.cause}</p>
            <p className="text-xs text-muted">{formatTime(change.at)}, by {actors[change.by]}</p>
            {change.fields.map((field) => <Field key={field.name} {...field} />)}
          </li>
        ))}
      </ol>
      {history.hasNextPage && <Button small className="mt-2" disabled={history.isFetchingNextPage} onClick={() => void history.fetchNextPage()}>Earlier changes</Button>}
    </>
  )
}

const shortest = 80

function Field({ name, before, after }: TaskChange['fields'][number]) {
  const [was, is] = [fieldText(before), fieldText(after)]
  if (was.length + is.length > shortest || was.includes('\n') || is.includes('\n')) {
    return <div className="mt-1"><DiffView path={fieldWords(name)} before={was} after={is} created={false} /></div>
  }
  return (
    <p className="text-xs break-words">
      {fieldWords(name)}: <del className="text-muted">{was === '' ? 'nothing' : was}</del> <ins className="no-underline">{is === '' ? 'nothing' : is}</ins>
    </p>
  )
}
