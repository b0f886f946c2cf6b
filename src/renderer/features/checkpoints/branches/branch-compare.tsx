import { useQuery } from '@tanstack/react-query'
import { MessageSquare, PackageCheck } from 'lucide-react'
import type { Branch, BranchComparison } from '#contract/checkpoints'
import { Button } from '../../../components/button'
import { ErrorNote, Skeleton } from '../../../components/feedback'
import { SelectField } from '../../../components/field'
import { Markdown } from '../../../components/markdown/markdown'
import { formatCost, formatDuration, formatTokens } from '../../../lib/format'
import { useServices } from '../../../lib/services'
import type { CheckpointActions } from '../actions'
import { BranchFile } from '../compare/file-diff-pane'
import { FilesDiff } from '../compare/files-diff'
import { linesText, plural } from '../words'

type Side = BranchComparison['left']
const statusWords: Readonly<Record<Side['status'], string>> = { idle: 'done', running: 'working', waiting: 'waits for you', interrupted: 'interrupted' }

/** Two branches side by side: what each answered, what it took, and what is different between their files. */
export function BranchCompare({ sessionId, branchId, other, actions }: {
  readonly sessionId: string
  readonly branchId: string
  readonly other: string
  readonly actions: CheckpointActions
}) {
  const { queries } = useServices()
  const known = useQuery(queries.branches(sessionId)).data?.items ?? []
  // Seen from a scratch copy: its siblings are the branches of the session it came from.
  const originId = known.find((branch) => branch.id === branchId)?.originSessionId ?? sessionId
  const siblings = useQuery(queries.branches(originId)).data?.items ?? known
  const branches = siblings.filter((branch) => branch.originSessionId === originId)
  const comparison = useQuery(queries.branchComparison(branchId, other))
  const nameOf = (id: string | null): string => (id === null ? 'Origin' : (branches.find((branch) => branch.id === id)?.name ?? 'Branch'))
  const others = [{ value: 'origin', label: 'The session it came from' }, ...choicesOf(branches, branchId)]
  const choices = choicesOf(branches, other)
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex flex-wrap items-end gap-3 border-b border-line px-4 py-2">
        <div className="min-w-40 flex-1"><SelectField label="Branch" value={branchId} choices={choices} onChange={(id) => actions.onCompareBranches(id, other)} /></div>
        <div className="min-w-40 flex-1"><SelectField label="Beside" value={other} choices={others} onChange={(id) => actions.onCompareBranches(branchId, id)} /></div>
      </div>
      {comparison.isPending && <Skeleton rows={6} label="Comparing the branches" className="p-6" />}
      {comparison.error !== null && <ErrorNote error={comparison.error} onRetry={() => void comparison.refetch()} className="m-4" />}
      {comparison.data !== undefined && (
        <>
          <div className="grid max-h-[38%] shrink-0 gap-px overflow-y-auto border-b border-line bg-line md:grid-cols-2">
            {[comparison.data.left, comparison.data.right].map((side) => (
              <SideCard key={side.branchId ?? 'origin'} side={side} name={nameOf(side.branchId)} branch={branches.find((branch) => branch.id === side.branchId) ?? null} actions={actions} />
            ))}
          </div>
          <BranchFiles files={comparison.data.files} branchId={branchId} other={other} onOpenStep={actions.onOpenStep} />
        </>
      )}
    </div>
  )
}

function choicesOf(branches: readonly Branch[], without: string) {
  return branches.filter((branch) => branch.id !== without).map((branch) => ({ value: branch.id, label: branch.name }))
}

function SideCard({ side, name, branch, actions }: { readonly side: Side; readonly name: string; readonly branch: Branch | null; readonly actions: CheckpointActions }) {
  const facts: readonly (readonly [name: string, value: string])[] = [
    ['State', statusWords[side.status]],
    ['Model', side.model ?? 'default'],
    ['Mode', side.mode],
    ['Turns', String(side.turns)],
    ['Cost', formatCost(side.costUsd)],
    ['Tokens', formatTokens(side.tokens)],
    ['Time', formatDuration(side.durationMs)],
    ['Changed', side.changes === null ? 'not known' : `${plural(side.changes.files, 'file')} ${linesText(side.changes)}`],
  ]
  return (
    <section aria-label={name} className="flex min-w-0 flex-col gap-2 bg-surface p-4">
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="min-w-0 flex-1 truncate font-semibold">{name}</h2>
        <Button small onClick={() => actions.onOpenSession(side.sessionId)}><MessageSquare aria-hidden className="size-3.5" />Open</Button>
        {branch?.where === 'scratch' && (
          <Button small tone="primary" onClick={() => actions.onRestore({ kind: 'bring-home', branch })}><PackageCheck aria-hidden className="size-3.5" />Bring changes home…</Button>
        )}
      </div>
      <dl className="flex flex-wrap gap-x-4 gap-y-0.5 text-xs">
        {facts.map(([fact, value]) => (
          <div key={fact} className="flex gap-1.5"><dt className="text-muted">{fact}</dt><dd className="tabular-nums">{value}</dd></div>
        ))}
      </dl>
      {side.answer === null ? <p className="text-muted">No answer yet.</p> : <Markdown text={side.answer} />}
    </section>
  )
}

function BranchFiles({ files, ...rest }: {
  readonly files: BranchComparison['files']
  readonly branchId: string
  readonly other: string
  readonly onOpenStep: CheckpointActions['onOpenStep']
}) {
  return (
    <section aria-label="Files" className="flex min-h-0 flex-1 flex-col">
      <p className="border-b border-line px-4 py-1.5 text-xs text-muted">
        {plural(files.total, 'file')} different from left to right, {linesText(files.lines)}
      </p>
      <div className="min-h-0 flex-1">
        <FilesDiff files={files} renderFile={(path) => <BranchFile {...rest} path={path} />} />
      </div>
    </section>
  )
}
