import { Fragment, useMemo, useState } from 'react'
import { classNames } from '../../lib/class-names'
import { Button } from '../button'
import { type DiffLine, type DiffPart, lineDiff } from './line-diff'

const firstLines = 200
const signs: Readonly<Record<DiffLine['kind'], { readonly sign: string; readonly word: string; readonly style: string }>> = {
  same: { sign: ' ', word: '', style: '' },
  added: { sign: '+', word: 'added: ', style: 'bg-success-soft text-success' },
  removed: { sign: '−', word: 'removed: ', style: 'bg-danger-soft text-danger' },
}

export function DiffView({ path, before, after, created }: {
  readonly path: string
  readonly before: string
  readonly after: string
  readonly created: boolean
}) {
  const diff = useMemo(() => lineDiff(before, after), [before, after])
  const [limit, setLimit] = useState(firstLines)
  const total = countLines(diff.parts)
  return (
    <figure className="overflow-hidden rounded-md border border-line bg-surface">
      <figcaption className="flex items-baseline gap-2 border-b border-line px-3 py-1.5 text-xs">
        <span className="min-w-0 flex-1 font-mono break-all">{path}</span>
        {created && <span className="text-muted">new file</span>}
        <span className="text-success">+{diff.added}<span className="sr-only"> lines added</span></span>
        <span className="text-danger">−{diff.removed}<span className="sr-only"> lines removed</span></span>
      </figcaption>
      {total === 0 && <p className="px-3 py-2 text-xs text-muted">No lines differ.</p>}
      <div className="max-h-96 overflow-auto font-mono text-xs" tabIndex={0} role="group" aria-label={`Changes of ${path}`}>
        <div className="w-max min-w-full">
          {diff.parts.map((part, index) => {
            if (part.kind === 'gap') return <p key={index} className="bg-sunken px-3 py-0.5 text-muted">{part.count} equal lines</p>
            const shown = part.lines.slice(0, Math.max(0, limit - countLines(diff.parts.slice(0, index))))
            return <Fragment key={index}>{shown.map((line) => <Line key={`${line.before ?? ''}-${line.after ?? ''}`} line={line} />)}</Fragment>
          })}
        </div>
      </div>
      {total > limit && <Button tone="quiet" small aria-expanded={false} className="m-1" onClick={() => setLimit(limit + 2_000)}>Show more ({total - limit} lines left)</Button>}
    </figure>
  )
}

function countLines(parts: readonly DiffPart[]): number {
  return parts.reduce((sum, part) => sum + (part.kind === 'lines' ? part.lines.length : 0), 0)
}

function Line({ line }: { readonly line: DiffLine }) {
  const { sign, word, style } = signs[line.kind]
  return (
    <div className={classNames('flex whitespace-pre', style)}>
      <span aria-hidden className="w-10 shrink-0 pe-2 text-end text-muted select-none">{line.before}</span>
      <span aria-hidden className="w-10 shrink-0 pe-2 text-end text-muted select-none">{line.after}</span>
      <span aria-hidden className="w-4 shrink-0 select-none">{sign}</span>
      {word !== '' && <span className="sr-only">{word}</span>}
      <span className="pe-3">{line.text.length > 2_000 ? `${line.text.slice(0, 2_000)}…` : line.text}</span>
    </div>
  )
}
