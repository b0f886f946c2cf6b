import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { type MemoryItem, MemoryKindSchema, MOST_TAGS, SensitivitySchema } from '#contract/memory'
import { Button } from '../../components/button'
import { ErrorNote } from '../../components/feedback'
import { inputStyle, SelectField, TextField } from '../../components/field'
import { kindWords } from '../../components/memory/words'
import { classNames } from '../../lib/class-names'
import { shorten } from '../../lib/format'
import { useServices } from '../../lib/services'
import { localDay } from './local-time'
import type { MemoryPlaces } from './places'
import { type SolutionDraft, solutionDraftOf, SolutionFields, solutionOf } from './solution-fields'

interface Draft {
  readonly text: string
  readonly title: string
  readonly tags: string
  readonly kind: MemoryItem['kind']
  readonly where: string
  readonly importance: number
  readonly sensitivity: MemoryItem['sensitivity']
  readonly expires: string
  readonly solution: SolutionDraft
}

const draftFields = ['text', 'title', 'tags', 'kind', 'where', 'importance', 'sensitivity', 'expires', 'solution'] as const satisfies readonly (keyof Draft)[]

/** The fields of an item, saved together: only those that were changed. What is written stays while the item becomes another one. */
export function ItemForm({ item, places }: { readonly item: MemoryItem; readonly places: MemoryPlaces }) {
  const { orpc } = useServices()
  const client = useQueryClient()
  const stored = draftOf(item)
  const [edits, setEdits] = useState<Partial<Draft>>({})
  /** As it was when the editing began. */
  const [base, setBase] = useState<Draft | null>(null)
  const draft = { ...stored, ...edits }
  const isChanged = !isSame(draft, stored)
  const isOverwriting = base !== null && draftFields.some((name) => !isSame(draft[name], stored[name]) && !isSame(base[name], stored[name]))
  const discard = (): void => {
    setEdits({})
    setBase(null)
  }
  const patch = useMutation(orpc.memory.patch.mutationOptions({
    meta: { shownInPlace: true },
    onSuccess: (saved) => {
      client.setQueryData(orpc.memory.get.queryKey({ input: { id: saved.id } }), saved)
    },
  }))
  const set = (change: Partial<Draft>): void => {
    setBase(base ?? stored)
    setEdits({ ...edits, ...change })
  }
  const save = (event?: FormEvent): void => {
    event?.preventDefault()
    if (!isChanged || draft.text.trim() === '' || patch.isPending) return
    // What is written meanwhile is not saved yet.
    patch.mutate({ id: item.id, revision: item.revision, ...patchOf(draft, stored, item) }, { onSuccess: () => setEdits((now) => (now === edits ? {} : now)) })
  }
  return (
    <form onSubmit={save} className="flex flex-col gap-2">
      <label className="flex flex-col gap-1 text-sm font-medium">
        Text
        <textarea
          value={draft.text} rows={Math.min(14, Math.max(3, Math.ceil(draft.text.length / 42)))} maxLength={20_000} className={classNames(inputStyle, 'h-auto py-1.5 font-normal')}
          onChange={(event) => set({ text: event.target.value })}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save()
            if (event.key === 'Escape' && isChanged) {
              event.preventDefault()
              discard()
            }
          }}
        />
      </label>
      {(draft.kind === 'solution' || item.solution !== null) && <SolutionFields draft={draft.solution} onChange={(solution) => set({ solution })} />}
      <TextField label="Title" value={draft.title} maxLength={200} onChange={(event) => set({ title: event.target.value })} />
      <TextField label="Tags" hint="Separated by commas." value={draft.tags} maxLength={800} onChange={(event) => set({ tags: event.target.value })} />
      <div className="grid grid-cols-2 gap-2">
        <SelectField label="Kind" value={draft.kind} choices={MemoryKindSchema.options.map((value) => ({ value, label: kindWords[value] }))} onChange={(kind) => set({ kind })} />
        <SelectField label="Counts" value={draft.where} choices={wheresOf(item, places)} onChange={(where) => set({ where })} />
        <SelectField label="Sensitivity" value={draft.sensitivity} choices={SensitivitySchema.options.map((value) => ({ value, label: value === 'normal' ? 'Normal' : 'Sensitive' }))} onChange={(sensitivity) => set({ sensitivity })} />
        <TextField label="Expires" type="date" value={draft.expires} onChange={(event) => set({ expires: event.target.value })} />
      </div>
      <label className="flex items-center gap-2 text-sm font-medium">
        Importance
        <input type="range" min={0} max={1} step={0.05} value={draft.importance} className="min-w-0 flex-1 accent-(--accent)" onChange={(event) => set({ importance: Number(event.target.value) })} />
        <span className="w-8 text-end text-xs font-normal tabular-nums">{draft.importance.toFixed(2)}</span>
      </label>
      {isOverwriting && <p role="alert" className="text-xs text-warning">It was changed meanwhile: “{shorten(item.text, 200)}”. Saving puts your words in its place; Discard shows it.</p>}
      {isChanged && (
        <div className="flex gap-1.5">
          <Button small tone="primary" type="submit" disabled={patch.isPending || draft.text.trim() === ''}>Save</Button>
          <Button small tone="quiet" onClick={discard}>Discard</Button>
        </div>
      )}
      {patch.error !== null && <ErrorNote error={patch.error} />}
    </form>
  )
}

function draftOf({ text, title, tags, kind, scope, workspaceId, importance, sensitivity, expiresAt, solution }: MemoryItem): Draft {
  return { solution: solutionDraftOf(solution), text, title, tags: tags.join(', '), kind, where: scope === 'workspace' ? `workspace ${workspaceId ?? ''}` : scope, importance, sensitivity, expires: localDay(expiresAt) }
}

function wheresOf(item: MemoryItem, { workspaces }: MemoryPlaces) {
  return [
    { value: 'user', label: 'Everywhere' },
    ...(item.sessionId === null ? [] : [{ value: 'session', label: 'In its session' }]),
    ...workspaces.map(({ id, name }) => ({ value: `workspace ${id}`, label: `In ${name}` })),
    ...(item.scope === 'workspace' && !workspaces.some(({ id }) => id === item.workspaceId) ? [{ value: `workspace ${item.workspaceId ?? ''}`, label: 'In a folder that is gone' }] : []),
  ]
}

function isSame(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right)
}

/** Only what was changed. Words that a person wrote are vouched for by them. */
function patchOf(draft: Draft, first: Draft, item: MemoryItem) {
  const { text, title, tags, kind, where, importance, sensitivity, expires } = draft
  const isSolved = !isSame(draft.solution, first.solution)
  const isWritten = text !== first.text || title !== first.title || isSolved
  return {
    ...(text !== first.text && { text: text.trim() }), ...(title !== first.title && { title: title.trim() }), ...(isSolved && { solution: solutionOf(draft.solution, item.solution) }), ...(isWritten && { trust: 'person' as const }),
    ...(tags !== first.tags && { tags: [...new Set(tags.split(',').map((tag) => tag.trim().slice(0, 40)).filter((tag) => tag !== ''))].slice(0, MOST_TAGS) }),
    ...(kind !== first.kind && { kind }), ...(importance !== first.importance && { importance }), ...(sensitivity !== first.sensitivity && { sensitivity }),
    ...(expires !== first.expires && { expiresAt: expires === '' ? null : new Date(`${expires}T23:59:59`).getTime() }),
    ...(where !== first.where && (where.startsWith('workspace ') ? { scope: 'workspace' as const, workspaceId: where.slice('workspace '.length) } : { scope: where === 'session' ? ('session' as const) : ('user' as const) })),
  }
}
