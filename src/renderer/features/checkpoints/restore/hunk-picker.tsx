import type { Hunk } from '#contract/file-changes'
import { classNames } from '../../../lib/class-names'

const looks: Readonly<Record<Hunk['lines'][number]['kind'], { readonly sign: string; readonly word: string; readonly style: string }>> = {
  same: { sign: ' ', word: '', style: '' },
  added: { sign: '+', word: 'comes back: ', style: 'bg-success-soft text-success' },
  removed: { sign: '−', word: 'goes away: ', style: 'bg-danger-soft text-danger' },
}
const maxLines = 2_000

/** The places where a file would change, each to be taken or left. */
export function HunkPicker({ hunks, wanted, onPick }: {
  readonly hunks: readonly Hunk[]
  readonly wanted: readonly string[]
  /** Null: the file is restored whole or not at all. */
  readonly onPick: ((id: string, wanted: boolean) => void) | null
}) {
  return (
    <ol aria-label="Hunks" className="w-max min-w-full font-mono text-xs">
      {hunks.map((hunk, index) => {
        const isWanted = wanted.includes(hunk.id)
        const isLeft = onPick !== null && !isWanted
        const label = `Hunk ${index + 1} of ${hunks.length}, line ${hunk.beforeStart}`
        return (
          <li key={hunk.id} className="border-b border-line">
            <div className="sticky left-0 flex w-fit items-center gap-2 px-3 py-1 font-sans">
              {onPick === null
                ? <span className="text-muted">{label}</span>
                : (
                  <label className="flex items-center gap-2">
                    <input type="checkbox" className="accent-accent" checked={isWanted} onChange={(event) => onPick(hunk.id, event.target.checked)} />
                    {label}{isLeft && <span className="text-muted">stays as it is</span>}
                  </label>
                )}
            </div>
            <div className={classNames(isLeft && 'bg-sunken text-muted')}>
              {hunk.lines.slice(0, maxLines).map((line, at) => {
                const { sign, word, style } = looks[line.kind]
                return (
                  <div key={at} className={classNames('flex px-3 whitespace-pre', !isLeft && style)}>
                    <span aria-hidden className="w-4 shrink-0 select-none">{sign}</span>
                    {word !== '' && <span className="sr-only">{word}</span>}
                    <span>{line.text.slice(0, maxLines)}</span>
                  </div>
                )
              })}
            </div>
            {hunk.lines.length > maxLines && <p className="px-3 py-1 font-sans text-muted">and {hunk.lines.length - maxLines} more lines</p>}
          </li>
        )
      })}
    </ol>
  )
}
