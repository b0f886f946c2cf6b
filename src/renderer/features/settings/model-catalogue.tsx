import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Model } from '#contract/models'
import { Button } from '../../components/button'
import { ErrorNote, Skeleton } from '../../components/feedback'
import { inputStyle } from '../../components/field'
import { formatTokens } from '../../lib/format'
import { useServices } from '../../lib/services'

const maxShown = 300
const cell = 'py-1 pe-3 text-start font-normal'
const number = 'py-1 ps-3 text-end tabular-nums'

/** Every model that is known, with what it costs. */
export function ModelCatalogue() {
  const { orpc, queries } = useServices()
  const queryClient = useQueryClient()
  const [search, setSearch] = useState('')
  const models = useQuery(queries.models())
  const refresh = useMutation(orpc.models.refresh.mutationOptions({
    meta: { shownInPlace: true },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: orpc.models.key() }),
  }))
  const words = search.trim().toLowerCase().split(/\s+/)
  const found = (models.data?.items ?? []).filter(({ id, name }) => words.every((word) => `${id} ${name}`.toLowerCase().includes(word)))
  return (
    <div className="flex flex-col gap-3">
      <div className="flex items-center gap-2">
        <input type="search" aria-label="Search models" placeholder="Search by name or provider" value={search} onChange={(event) => setSearch(event.target.value)} className={inputStyle} />
        <Button disabled={refresh.isPending} onClick={() => refresh.mutate({})}>{refresh.isPending ? 'Asking the providers…' : 'Ask the providers'}</Button>
      </div>
      {refresh.error !== null && <ErrorNote error={refresh.error} />}
      {refresh.data?.errors.map((error) => <ErrorNote key={error.provider} error={`${error.provider}: ${error.message}`} />)}
      {models.isPending && <Skeleton rows={6} label="Loading the models" />}
      {models.error !== null && <ErrorNote error={models.error} onRetry={() => void models.refetch()} />}
      {models.isSuccess && <p role="status" className="text-xs text-muted">{found.length === 0 ? 'No model is called that.' : `${found.length.toLocaleString('en')} ${found.length === 1 ? 'model' : 'models'}`}{found.length > maxShown && `; the first ${maxShown} are shown`}</p>}
      {found.length > 0 && <CatalogueTable models={found.slice(0, maxShown)} />}
    </div>
  )
}

function CatalogueTable({ models }: { readonly models: readonly Model[] }) {
  return (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Models and prices">
      <table className="w-full text-xs">
        <caption className="mb-1 text-start text-muted">Prices in US dollars per million tokens, as far as they are known.</caption>
        <thead className="border-b border-line text-muted">
          <tr>
            <th scope="col" className={cell}>Model</th><th scope="col" className={cell}>Provider</th><th scope="col" className={number}>Context</th>
            <th scope="col" className={number}>In</th><th scope="col" className={number}>Cached</th><th scope="col" className={number}>Out</th><th scope="col" className={`${cell} ps-3`}>State</th>
          </tr>
        </thead>
        <tbody>
          {models.map(({ id, name, provider, contextWindow, price, available }) => (
            <tr key={id} className="border-b border-line/60">
              <th scope="row" className={`${cell} break-all`} title={id}>{name}</th>
              <td className={cell}>{provider}</td>
              <td className={number}>{contextWindow === null ? '–' : formatTokens(contextWindow)}</td>
              <td className={number}>{dollars(price?.input)}</td><td className={number}>{dollars(price?.cachedInput)}</td><td className={number}>{dollars(price?.output)}</td>
              <td className={`${cell} ps-3 ${available ? 'text-success' : 'text-muted'}`}>{available ? 'Usable' : 'No key'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function dollars(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : value.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 3 })
}
