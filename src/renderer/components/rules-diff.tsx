import type { BehaviorDiff, BehaviorRule } from '#contract/behavior'
import { classNames } from '../lib/class-names'

/** What becomes of rules, line by line, with a word and a sign for each. */
export function RulesDiff({ diff: { added, removed, changed, moved }, warnings = [] }: { readonly diff: BehaviorDiff; readonly warnings?: readonly string[] }) {
  return (
    <div className="flex flex-col gap-1 text-xs">
      <ul aria-label="Changes of the rules" className="overflow-hidden rounded-md border border-line">
        {removed.map((rule) => <Line key={`- ${rule.key ?? ''} ${rule.text}`} sign="−" word="Removed" rule={rule} />)}
        {changed.map(({ before, after }) => (
          <li key={`~ ${after.key ?? ''} ${after.text}`}>
            <ul>
              <Line sign="−" word="Before" rule={before} />
              <Line sign="+" word="After" rule={after} />
            </ul>
          </li>
        ))}
        {added.map((rule) => <Line key={`+ ${rule.key ?? ''} ${rule.text}`} sign="+" word="Added" rule={rule} />)}
        {moved && <li className="px-2 py-1 text-muted">The rules stand in another order.</li>}
        {added.length + removed.length + changed.length === 0 && !moved && <li className="px-2 py-1 text-muted">Nothing changes.</li>}
      </ul>
      {warnings.map((warning) => <p key={warning} className="text-warning">{warning}</p>)}
    </div>
  )
}

function Line({ sign, word, rule: { key, text, enabled } }: { readonly sign: '+' | '−'; readonly word: string; readonly rule: BehaviorRule }) {
  return (
    <li className={classNames('flex gap-2 px-2 py-1', sign === '+' ? 'bg-success-soft' : 'bg-danger-soft')}>
      <span aria-hidden className="font-mono">{sign}</span>
      <span className="sr-only">{word}:</span>
      <span className="min-w-0 flex-1 break-words">{text}{!enabled && <span className="text-muted"> (off)</span>}</span>
      {key !== undefined && <span className="shrink-0 font-mono text-muted">{key}</span>}
    </li>
  )
}
