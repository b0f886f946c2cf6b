import { useMutation, useQuery } from '@tanstack/react-query'
import type { LabelledFile } from '#contract/flow'
import { Button } from '../../components/button'
import { ErrorNote, Skeleton } from '../../components/feedback'
import { formatTime } from '../../lib/format'
import { useServices } from '../../lib/services'
import { Item, Section } from './folder-parts'

const most = 100
const words = { untrusted: 'from outside', private: 'private' } as const

/** What agents wrote after they had read what came from outside, or what is private; a person who has looked at it accepts it. */
export function LabelledFiles({ workspaceId }: { readonly workspaceId: string }) {
  const { orpc, toasts } = useServices()
  const files = useQuery(orpc.workspaces.labelledFiles.queryOptions({ input: { id: workspaceId }, staleTime: 0 }))
  const accept = useMutation(orpc.workspaces.acceptFiles.mutationOptions({
    meta: { shownInPlace: true },
    onSuccess: ({ accepted }) => toasts.info(accepted === 1 ? 'Accepted one file.' : `Accepted ${accepted} files.`),
    onSettled: () => files.refetch(),
  }))
  const items = files.data?.items ?? []
  const total = files.data?.total ?? 0
  return (
    <Section title="Written from outside or private" note="Agents wrote these files after they had read pages, servers or secrets. Whoever reads them as they are has read that too. What you change yourself counts as yours; what you have looked at you can accept.">
      {files.isPending && <Skeleton rows={2} label="Loading what agents wrote" />}
      {files.error !== null && <ErrorNote error={files.error} onRetry={() => void files.refetch()} />}
      {files.isSuccess && items.length === 0 && <p className="text-muted">Nothing. No file here was written from such things.</p>}
      {items.length > 1 && <div><Button small disabled={accept.isPending} onClick={() => accept.mutate({ id: workspaceId })}>{`Accept all ${total}`}</Button></div>}
      {accept.error !== null && <ErrorNote error={accept.error} />}
      <ul aria-label="Written from outside or private" className="flex flex-col">
        {items.slice(0, most).map((file) => {
          const name = file.path === '' ? 'All files of this folder' : file.path
          return (
            <Item key={file.path} name={name} note={describe(file)}>
              <Button small disabled={accept.isPending} aria-label={`Accept ${name}`} onClick={() => accept.mutate({ id: workspaceId, paths: [file.path] })}>Accept</Button>
            </Item>
          )
        })}
      </ul>
      {total > most && <p className="text-muted">{`The newest ${Math.min(most, items.length)} of ${total}.`}</p>}
    </Section>
  )
}

function describe({ path, labels, at }: LabelledFile): string {
  const read = labels.map(({ label, why }) => `${why} (${words[label]})`).join('; ')
  return `${path === '' ? 'Which ones a command wrote is not known. ' : ''}Written ${formatTime(at)}, after it had read ${read}`
}
