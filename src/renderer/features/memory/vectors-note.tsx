import { useQuery } from '@tanstack/react-query'
import { useServices } from '../../lib/services'

/** How search by meaning stands: the embedding model, and how far its vectors are. */
export function VectorsNote({ note }: { readonly note: string | null }) {
  const { orpc } = useServices()
  const vectors = useQuery(orpc.memory.vectors.queryOptions({ input: {} })).data
  const text = note ?? (vectors === undefined ? null : stateWords(vectors))
  if (text === null && vectors?.state !== 'working') return null
  return (
    <div className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-1 text-xs text-muted">
      <p role="status">{text}</p>
      {vectors?.state === 'working' && <progress aria-label="Vectors" max={Math.max(1, vectors.total)} value={vectors.done} className="h-1.5 w-40 accent-(--accent)" />}
    </div>
  )
}

function stateWords({ state, done, total, error, model, withheld }: { readonly state: string; readonly done: number; readonly total: number; readonly error: string | null; readonly model: string | null; readonly withheld: number }): string | null {
  if (state === 'none') return 'No embedding model is set up: search is by words. Set one in Settings, Memory.'
  if (state === 'failed') return `The embedding model ${model ?? ''} did not answer: ${error ?? ''} It is tried again; search by words works.`
  if (state === 'working') return `Search by meaning is being prepared with ${model ?? 'the model'}: ${done.toLocaleString()} of ${total.toLocaleString()}.`
  return withheld > 0 ? `${withheld.toLocaleString()} sensitive items are found by words only.` : null
}
