import type { CheckpointDiff } from '#contract/checkpoints'

/** What is different in a part that keeps revisions: memory, tasks. */
export function RevisionDiff({ diff, empty }: { readonly diff: NonNullable<CheckpointDiff['memory']>; readonly empty: string }) {
  if (diff.items.length === 0) return <p className="p-6 text-center text-muted">{empty}</p>
  return (
    <ul className="flex h-full flex-col gap-2 overflow-y-auto p-4">
      {diff.items.map((item) => (
        <li key={item.id} className="rounded-md border border-line bg-surface px-3 py-2">
          <p><span className="font-medium">{item.title}</span> <span className="text-xs text-muted">{item.change}</span></p>
          <BeforeAfter before={item.before} after={item.after} />
        </li>
      ))}
    </ul>
  )
}

export function BeforeAfter({ before, after }: { readonly before: string | null; readonly after: string | null }) {
  return (
    <>
      {before !== null && <p className="mt-1 rounded bg-danger-soft px-2 break-words whitespace-pre-wrap text-danger"><span className="sr-only">before: </span>{before}</p>}
      {after !== null && <p className="mt-1 rounded bg-success-soft px-2 break-words whitespace-pre-wrap text-success"><span className="sr-only">after: </span>{after}</p>}
    </>
  )
}
