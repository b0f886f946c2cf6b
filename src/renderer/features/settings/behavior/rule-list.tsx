import { ArrowDown, ArrowUp, ListChecks, Pencil, Trash2 } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { type BehaviorPlace, type BehaviorRule, RuleKeySchema } from '#contract/behavior'
import { Button, IconButton } from '../../../components/button'
import { EmptyState, ErrorNote, Skeleton } from '../../../components/feedback'
import { TextField } from '../../../components/field'
import { classNames } from '../../../lib/class-names'
import { shorten } from '../../../lib/format'
import { useRules } from './use-rules'

/** The rules of one profile, each of which can be changed, turned off, moved and taken away. */
export function RuleList({ place }: { readonly place: BehaviorPlace }) {
  const { profile, rules, adjust, edit, remove, move, add } = useRules(place)
  const [editing, setEditing] = useState<number | null>(null)
  const busy = adjust.isPending
  return (
    <section aria-label="Rules" className="flex flex-col gap-3">
      {profile.isPending && <Skeleton rows={3} label="Loading the rules" />}
      {profile.error !== null && <ErrorNote error={profile.error} onRetry={() => void profile.refetch()} />}
      {profile.isSuccess && rules.length === 0 && (
        <EmptyState icon={<ListChecks />} title="No rules here">
          <p>A rule is a sentence that agents follow: “Be brief.”, “Always run the tests.” It never gives a permission.</p>
        </EmptyState>
      )}
      {rules.length > 0 && (
        <ol aria-label="Rules in force" className="divide-y divide-line rounded-md border border-line">
          {rules.map((rule, index) => (
            <li key={`${rule.key ?? ''} ${rule.text}`} className="px-3 py-1.5">
              {editing === index
                ? <RuleForm rule={rule} action="Save" busy={busy} onCancel={() => setEditing(null)} onSubmit={(next) => { edit(index, next); setEditing(null) }} />
                : (
                  <div className="flex items-center gap-2">
                    <input type="checkbox" aria-label={`On: ${shorten(rule.text, 60)}`} checked={rule.enabled} disabled={busy} onChange={() => edit(index, { ...rule, enabled: !rule.enabled })} />
                    <p className={classNames('min-w-0 flex-1 break-words', !rule.enabled && 'text-muted line-through')}>{rule.text}</p>
                    {rule.key !== undefined && <span className="shrink-0 font-mono text-xs text-muted">{rule.key}</span>}
                    <RuleButtons rule={rule} index={index} last={rules.length - 1} busy={busy} onEdit={() => setEditing(index)} onMove={(by) => move(index, by)} onRemove={() => remove(index)} />
                  </div>
                )}
            </li>
          ))}
        </ol>
      )}
      {adjust.error !== null && <ErrorNote error={adjust.error} />}
      <div role="status" className="text-xs text-warning empty:hidden">{adjust.data?.conflicts.map(({ message }) => <p key={message}>{message}</p>)}</div>
      <NewRule busy={busy} onAdd={add} />
    </section>
  )
}

function RuleButtons({ rule, index, last, busy, onEdit, onMove, onRemove }: {
  readonly rule: BehaviorRule
  readonly index: number
  readonly last: number
  readonly busy: boolean
  readonly onEdit: () => void
  readonly onMove: (by: 1 | -1) => void
  readonly onRemove: () => void
}) {
  const name = shorten(rule.text, 40)
  return (
    <span className="flex shrink-0">
      <IconButton label={`Edit: ${name}`} icon={<Pencil />} onClick={onEdit} />
      <IconButton label={`Up: ${name}`} icon={<ArrowUp />} disabled={busy || index === 0} onClick={() => onMove(-1)} />
      <IconButton label={`Down: ${name}`} icon={<ArrowDown />} disabled={busy || index === last} onClick={() => onMove(1)} />
      <IconButton label={`Remove: ${name}`} icon={<Trash2 />} disabled={busy} onClick={onRemove} />
    </span>
  )
}

function NewRule({ busy, onAdd }: { readonly busy: boolean; readonly onAdd: (rule: BehaviorRule, onAdded: () => void) => void }) {
  const [round, setRound] = useState(0)
  return <RuleForm key={round} rule={{ text: '', enabled: true }} action="Add rule" busy={busy} focus={round > 0} onSubmit={(rule) => onAdd(rule, () => setRound(round + 1))} />
}

function RuleForm({ rule, action, busy, focus = true, onSubmit, onCancel }: {
  readonly rule: BehaviorRule
  readonly action: string
  readonly busy: boolean
  readonly focus?: boolean
  readonly onSubmit: (rule: BehaviorRule) => void
  readonly onCancel?: () => void
}) {
  const [text, setText] = useState(rule.text)
  const [key, setKey] = useState(rule.key ?? '')
  const wrongKey = key.trim() === '' ? null : (RuleKeySchema.safeParse(key).error?.issues[0]?.message ?? null)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (text.trim() === '' || wrongKey !== null || busy) return
    onSubmit({ ...(key.trim() !== '' && { key: key.trim() }), text: text.trim(), enabled: rule.enabled })
  }
  return (
    <form onSubmit={submit} className="flex flex-wrap items-end gap-2" onKeyDown={(event) => {
      if (event.key !== 'Escape' || !onCancel) return
      event.stopPropagation()
      event.preventDefault()
      onCancel()
    }}>
      <TextField label="Rule" className="min-w-60 flex-1" value={text} maxLength={1_000} autoFocus={focus} placeholder="Always run the tests." onChange={(event) => setText(event.target.value)} />
      <TextField label="Key (optional)" className="w-44" value={key} maxLength={60} error={wrongKey} placeholder="tests" onChange={(event) => setKey(event.target.value)} />
      <Button type="submit" tone="primary" disabled={busy || text.trim() === '' || wrongKey !== null}>{action}</Button>
      {onCancel && <Button tone="quiet" onClick={onCancel}>Cancel</Button>}
    </form>
  )
}
