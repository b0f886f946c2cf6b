import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ArrowUp, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { type RetentionPreview, type RetentionRule, RetentionRuleSchema } from '#contract/memory'
import { Button, IconButton } from '../../../components/button'
import { ErrorNote } from '../../../components/feedback'
import { kindWords } from '../../../components/memory/words'
import { shorten } from '../../../lib/format'
import { useServices } from '../../../lib/services'
import { RuleFields, type RuleText, ruleOf, textOf } from './rule-fields'

interface Row extends RuleText {
  readonly key: number
}
const MOST_RULES = 50

/** What is archived or forgotten by itself. Rules count once they are saved; before, it is shown what they would do. */
export function RetentionRules({ saved, onSave }: { readonly saved: readonly RetentionRule[]; readonly onSave: (rules: RetentionRule[]) => void }) {
  const { orpc, toasts } = useServices()
  const client = useQueryClient()
  const [first] = useState(() => saved.map((rule, key): Row => ({ key, ...textOf(rule) })))
  const [rows, setRows] = useState<readonly Row[]>(first)
  const meta = { shownInPlace: true }
  const preview = useMutation(orpc.memory.previewRetention.mutationOptions({ meta }))
  const apply = useMutation(orpc.memory.applyRetention.mutationOptions({
    meta,
    onSuccess: (done) => {
      void client.invalidateQueries({ queryKey: orpc.memory.key() })
      preview.reset()
      toasts.info(`${countOf(done)}. All of it can be taken back in Memory.`)
    },
  }))
  const parsed = rows.map((row) => RetentionRuleSchema.safeParse(ruleOf(row)))
  const rules = parsed.flatMap((rule) => (rule.success ? [rule.data] : []))
  const wrong = rows.map((row, index) => wrongWith(row, parsed[index]?.success ?? false))
  const isSound = wrong.every((text) => text === null)
  const isSaved = isSound && JSON.stringify(rules) === JSON.stringify(saved)
  const change = (next: readonly Row[]): void => {
    preview.reset()
    setRows(next)
  }
  return (
    <section aria-labelledby="memory-retention" className="flex flex-col gap-2">
      <div>
        <h4 id="memory-retention" className="text-sm font-semibold">What is kept</h4>
        <p className="text-xs text-muted">Every hour, the first rule that fits an item counts. Pinned items are never touched. Without a rule everything is kept.</p>
      </div>
      <ol aria-label="Rules of retention" className="flex flex-col gap-2">
        {rows.map((row, index) => (
          <li key={row.key}>
            <div role="group" aria-label={`Rule ${index + 1}`} className="rounded-md border border-line p-2.5">
              <RuleFields text={row} onChange={(text) => change(rows.map((other) => (other.key === row.key ? { ...other, ...text } : other)))} />
              <div className="mt-1.5 flex items-center gap-1">
                <p className="min-w-0 flex-1 text-xs text-danger" role={wrong[index] === null ? undefined : 'alert'}>{wrong[index]}</p>
                <IconButton label={`Before the others: rule ${index + 1}`} icon={<ArrowUp />} disabled={index === 0} onClick={() => change(moved(rows, index))} />
                <IconButton label={`Remove rule ${index + 1}`} icon={<Trash2 />} onClick={() => change(rows.filter(({ key }) => key !== row.key))} />
              </div>
            </div>
          </li>
        ))}
      </ol>
      <div className="flex flex-wrap gap-1.5">
        <Button small disabled={rows.length >= MOST_RULES} onClick={() => change([...rows, { key: Math.max(-1, ...rows.map(({ key }) => key)) + 1, ...textOf({ olderThanDays: 180, then: 'archive' }) }])}><Plus aria-hidden className="size-3.5" />Add a rule</Button>
        <Button small disabled={!isSound || rules.length === 0 || preview.isPending} onClick={() => preview.mutate({ rules })}>{preview.isPending ? 'Looking…' : 'Show what they would do'}</Button>
        {!isSaved && <Button small tone="primary" disabled={!isSound} onClick={() => onSave(rules)}>Save the rules</Button>}
        {!isSaved && <Button small tone="quiet" onClick={() => change(first)}>Discard</Button>}
        {isSaved && rules.length > 0 && <Button small disabled={apply.isPending} onClick={() => apply.mutate({})}>{apply.isPending ? 'Applying…' : 'Apply now'}</Button>}
      </div>
      {(preview.error ?? apply.error) !== null && <ErrorNote error={preview.error ?? apply.error} />}
      {preview.data !== undefined && <Preview preview={preview.data} />}
    </section>
  )
}

function Preview({ preview }: { readonly preview: RetentionPreview }) {
  const count = preview.archive + preview.forget
  return (
    <div>
      <p role="status" className="mb-1 text-sm">{countOf(preview)}{count > preview.items.length && `; the first ${preview.items.length} of them:`}</p>
      <ul aria-label="What the rules would do" tabIndex={count === 0 ? undefined : 0} className="flex max-h-64 flex-col gap-0.5 overflow-y-auto text-xs">
        {preview.items.map(({ item, rule, then }) => (
          <li key={item.id} className="flex gap-2 rounded-sm bg-sunken px-2 py-0.5">
            <span className="min-w-0 flex-1 truncate">{shorten(item.title || item.text, 120)}</span>
            <span className="shrink-0 text-muted">{kindWords[item.kind]} · rule {rule + 1}: {then}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}

function countOf({ archive, forget }: RetentionPreview): string {
  const parts = [...(archive > 0 ? [`${archive.toLocaleString()} archived`] : []), ...(forget > 0 ? [`${forget.toLocaleString()} forgotten`] : [])]
  return parts.length === 0 ? 'No item fits these rules' : parts.join(', ')
}

function wrongWith(row: RuleText, isSound: boolean): string | null {
  if (row.days === '' && row.importance === '' && row.most === '') return 'Give it at least one condition: it fits nothing yet.'
  return isSound ? null : 'Days and number are whole numbers from 1, importance is from 0 to 1.'
}

function moved(rows: readonly Row[], index: number): readonly Row[] {
  const [row] = rows.slice(index, index + 1)
  return row ? [...rows.slice(0, index - 1), row, ...rows.slice(index - 1, index), ...rows.slice(index + 1)] : rows
}
