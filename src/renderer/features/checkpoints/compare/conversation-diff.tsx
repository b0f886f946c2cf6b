import type { CheckpointDiff } from '#contract/checkpoints'
import { formatTime } from '../../../lib/format'

type EntryLine = CheckpointDiff['conversation']['onlyFrom'][number]

const kindWords: Readonly<Record<string, string>> = {
  user_message: 'You', assistant_message: 'Agent', tool_result: 'Tool', approval: 'Decision', summary: 'Summary',
  context_discard: 'Left out of the context', run_ended: 'End of a turn', behavior_change: 'Rules', memory_used: 'Memory', mode_change: 'Mode', guardrail: 'Guardrail', model_change: 'Model',
}
const shownEntries = 500

/** What was said on one side only. */
export function ConversationDiff({ conversation, fromName, toName }: {
  readonly conversation: CheckpointDiff['conversation']
  readonly fromName: string
  readonly toName: string
}) {
  const { onlyFrom, onlyTo } = conversation
  if (onlyFrom.length + onlyTo.length === 0) return <p className="p-6 text-center text-muted">The conversation is the same in both.</p>
  return (
    <div className="grid h-full min-h-0 gap-4 overflow-y-auto p-4 md:grid-cols-2">
      <Side title={`Only in “${fromName}”`} lines={onlyFrom} />
      <Side title={`Only in “${toName}”`} lines={onlyTo} />
    </div>
  )
}

function Side({ title, lines }: { readonly title: string; readonly lines: readonly EntryLine[] }) {
  return (
    <section className="min-w-0">
      <h2 className="mb-1.5 text-xs font-semibold text-muted">{title}</h2>
      {lines.length === 0 && <p className="text-muted">Nothing.</p>}
      <ol className="flex flex-col gap-2">
        {lines.slice(0, shownEntries).map((line) => (
          <li key={line.entryId} className="rounded-md border border-line bg-surface px-3 py-1.5">
            <p className="flex justify-between gap-2 text-xs text-muted"><span>{kindWords[line.kind] ?? line.kind}</span><span>{formatTime(line.at)}</span></p>
            <p className="line-clamp-6 break-words whitespace-pre-wrap">{line.text}</p>
          </li>
        ))}
      </ol>
      {lines.length > shownEntries && <p className="mt-2 text-xs text-muted">and {lines.length - shownEntries} more</p>}
    </section>
  )
}
