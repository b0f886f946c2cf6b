import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { Download, RefreshCw, ScrollText } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import { type AuditFilter, type AuditRecord, AuditSettingsSchema } from '#contract/audit'
import type { Settings, SettingsPatch } from '#contract/settings'
import { Button } from '../../../components/button'
import { EmptyState, ErrorNote, Skeleton } from '../../../components/feedback'
import { SelectField, TextField } from '../../../components/field'
import { classNames } from '../../../lib/class-names'
import { formatTime } from '../../../lib/format'
import { saveFile } from '../../../lib/save-file'
import { useServices } from '../../../lib/services'
import { SchemaForm } from '../form/schema-form'
import { kindChoices, kindLabel, severityChoices, timeChoices, timeOf } from './choices'
import { VerifyAudit } from './verify-audit'

const PAGE = 100
const everything = { kind: 'all', severity: 'low', time: 'all', text: '' } as const

interface Wanted {
  readonly kind: (typeof kindChoices)[number]['value']
  readonly severity: (typeof severityChoices)[number]['value']
  readonly time: (typeof timeChoices)[number]['value']
  readonly text: string
}

/** What was decided and done, newest first, and whether the records of it are whole. */
export function AuditSettings({ settings, onChange }: { readonly settings: Settings; readonly onChange: (patch: SettingsPatch) => void }) {
  const { orpc } = useServices()
  const [wanted, setWanted] = useState<Wanted>(everything)
  const [openedAt, setOpenedAt] = useState(() => Date.now())
  // Where the pages before this one began.
  const [cursors, setCursors] = useState<readonly string[]>([])
  const filter = filterOf(useDeferredValue(wanted), openedAt)
  const cursor = cursors.at(-1)
  const page = useQuery(orpc.audit.list.queryOptions({ input: { ...filter, limit: PAGE, ...(cursor !== undefined && { cursor }) }, staleTime: 0, placeholderData: keepPreviousData }))
  const put = (change: Partial<Wanted>) => {
    setWanted({ ...wanted, ...change })
    setCursors([])
  }
  const renew = () => {
    setOpenedAt(Date.now())
    setCursors([])
    void page.refetch()
  }
  const items = page.data?.items ?? []
  const next = page.data?.nextCursor ?? null
  return (
    <div className="flex max-w-4xl flex-col gap-4">
      <VerifyAudit onShow={(number) => { setWanted(everything); setCursors([String(number + 5)]) }} />
      <div role="search" aria-label="Audit" className="grid grid-cols-1 items-end gap-3 sm:grid-cols-2 lg:grid-cols-4">
        <SelectField label="Kind" value={wanted.kind} choices={kindChoices} onChange={(kind) => put({ kind })} />
        <SelectField label="Weight" value={wanted.severity} choices={severityChoices} onChange={(severity) => put({ severity })} />
        <SelectField label="When" value={wanted.time} choices={timeChoices} onChange={(time) => put({ time })} />
        <TextField label="Contains" value={wanted.text} maxLength={200} onChange={(event) => put({ text: event.target.value })} />
      </div>
      {page.isPending && <Skeleton rows={6} label="Loading the audit" />}
      {page.error !== null && <ErrorNote error={page.error} onRetry={() => void page.refetch()} />}
      {page.isSuccess && items.length === 0 && (
        <EmptyState icon={<ScrollText />} title={next === null ? 'Nothing to show' : 'Nothing here yet'}>
          <p>{next === null ? 'What agents ask for, what you allow, and what is done is recorded here.' : 'There are older records to look through.'}</p>
        </EmptyState>
      )}
      {items.length > 0 && <ol aria-label="Records" className="divide-y divide-line rounded-md border border-line">{items.map((record) => <Row key={record.number} record={record} />)}</ol>}
      <div className="flex flex-wrap gap-2">
        <Button disabled={cursors.length === 0} onClick={() => setCursors(cursors.slice(0, -1))}>Newer</Button>
        <Button disabled={next === null || page.isPlaceholderData} onClick={() => { if (next !== null) setCursors([...cursors, next]) }}>Older</Button>
        <Button onClick={renew}>
          <RefreshCw aria-hidden className="size-4" />
          Look again
        </Button>
        <SaveButton filter={filter} disabled={items.length === 0 && next === null} />
      </div>
      <SchemaForm schema={AuditSettingsSchema} value={settings.audit} onChange={(audit) => onChange({ audit })} />
    </div>
  )
}

function filterOf({ kind, severity, time, text }: Wanted, now: number): AuditFilter {
  const words = text.trim()
  const from = timeOf(time, now)
  return { ...(kind !== 'all' && { kind }), ...(severity !== 'low' && { severity }), ...(from !== null && { from }), ...(words !== '' && { text: words }) }
}

function SaveButton({ filter, disabled }: { readonly filter: AuditFilter; readonly disabled: boolean }) {
  const { client } = useServices()
  const save = useMutation({
    mutationFn: async () => {
      const parts: string[] = []
      for await (const { text } of await client.audit.exportParts(filter)) parts.push(text)
      saveFile('trestle-audit.jsonl', parts, 'application/jsonl')
    },
  })
  return (
    <Button disabled={disabled || save.isPending} onClick={() => save.mutate()}>
      <Download aria-hidden className="size-4" />
      Save as JSON lines
    </Button>
  )
}

const weights = { low: '', medium: '', high: 'font-medium text-warning', critical: 'font-medium text-danger' } as const

function Row({ record: { number, at, kind, severity, title, content, hash, ...place } }: { readonly record: AuditRecord }) {
  return (
    <li className="px-3 py-1.5">
      <details>
        <summary className="flex cursor-default flex-wrap items-baseline gap-x-3 rounded-sm">
          <span className="w-12 shrink-0 font-mono text-xs text-muted">{number}</span>
          <span className="w-24 shrink-0 text-xs text-muted">{kindLabel(kind)}</span>
          <span className={classNames('min-w-40 flex-1 break-words', weights[severity])}>{title}</span>
          <span className="shrink-0 text-xs text-muted">{formatTime(at)}</span>
        </summary>
        <pre tabIndex={0} role="group" aria-label={`Facts of record ${number}`} className="mt-1 max-h-60 overflow-auto rounded-md border border-line bg-surface px-2.5 py-2 font-mono text-xs break-words whitespace-pre-wrap">
          {JSON.stringify({ severity, ...place, content, hash }, null, 2)}
        </pre>
      </details>
    </li>
  )
}
