import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Model } from '#contract/models'
import { Button } from '../../components/button'
import { ErrorNote, Skeleton } from '../../components/feedback'
import { inputStyle } from '../../components/field'
import { formatTokens } from '../../lib/format'
import { useServices } from '../../lib/services'

/** Which model new sessions use: one of a provider that was just set up, or of all (null). */
export function ChooseModel({ providerId, onBack }: { readonly providerId: string | null; readonly onBack: () => void }) {
  const { orpc, queries, cache } = useServices()
  const [search, setSearch] = useState('')
  const models = useQuery(queries.models())
  const choose = useMutation(orpc.settings.put.mutationOptions({ onSuccess: (settings) => cache.settings(settings) }))
  const words = search.trim().toLowerCase()
  const items = (models.data?.items ?? []).filter(
    (model) =>
      (providerId === null ? model.available : model.provider === providerId) && `${model.id} ${model.name}`.toLowerCase().includes(words),
  )
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto w-full max-w-2xl px-5 py-8">
        <h1 className="text-xl font-semibold">Which model should new sessions use?</h1>
        <p className="mt-1 text-muted">You can change it at any time in the status bar, for each session.</p>
        <input type="search" aria-label="Search models" placeholder="Search models" autoFocus value={search} onChange={(event) => setSearch(event.target.value)} className={`${inputStyle} mt-4`} />
        {models.isPending && <Skeleton rows={6} label="Loading models" className="mt-4" />}
        {models.error !== null && <ErrorNote error={models.error} onRetry={() => void models.refetch()} className="mt-4" />}
        <ul aria-label="Models" className="mt-3 flex max-h-[55vh] flex-col gap-1 overflow-y-auto">
          {items.slice(0, 200).map((model) => (
            <li key={model.id}>
              <button
                type="button"
                disabled={choose.isPending || !model.available}
                onClick={() => choose.mutate({ defaultModel: model.id })}
                className="flex w-full items-baseline gap-3 rounded-md border border-line bg-surface px-3 py-2 text-start enabled:hover:border-accent disabled:opacity-60"
              >
                <span className="min-w-0 flex-1 truncate font-medium">{model.name}</span>
                <span className="shrink-0 text-xs text-muted">{describe(model)}</span>
              </button>
            </li>
          ))}
        </ul>
        {models.isSuccess && items.length === 0 && <p className="mt-3 text-muted">No model of this provider matches. Go back and choose another way, or add the model’s name in the settings.</p>}
        <Button className="mt-4" onClick={onBack}>Back</Button>
      </div>
    </div>
  )
}

function describe(model: Model): string {
  const window = model.contextWindow === null ? null : `${formatTokens(model.contextWindow)} context`
  const price = model.price === null ? null : `$${model.price.input} / $${model.price.output} per million`
  return [window, price].filter((part) => part !== null).join(' · ')
}
