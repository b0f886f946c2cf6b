import { Globe, KeyRound } from 'lucide-react'
import type { FlowSource } from '#contract/flow'

const kinds = [
  { label: 'untrusted', title: 'From outside', icon: <Globe aria-hidden className="size-3.5" /> },
  { label: 'private', title: 'Private', icon: <KeyRound aria-hidden className="size-3.5" /> },
] as const

/** What of the conversation came from outside, and what of it is private. Nothing where neither is. */
export function Sources({ sources, onShowEntry }: { readonly sources: readonly FlowSource[]; readonly onShowEntry: (entryId: string) => void }) {
  if (sources.length === 0) return null
  const groups = kinds.map((kind) => ({ ...kind, items: sources.filter(({ label }) => label === kind.label) })).filter(({ items }) => items.length > 0)
  const both = groups.length === kinds.length
  return (
    <section aria-labelledby="context-sources" className="rounded-md border border-line bg-surface px-2.5 py-2 text-xs">
      <h2 id="context-sources" className="mb-1 font-semibold text-muted">What it has read</h2>
      {groups.map(({ label, title, icon, items }) => (
        <div key={label} className="mb-1">
          <h3 className="flex items-center gap-1.5 font-medium">{icon}{title}</h3>
          <ul className="flex flex-col">
            {items.map(({ why, entryId }) => (
              <li key={why}>
                <button type="button" onClick={() => onShowEntry(entryId)} className="w-full rounded-sm px-1 py-0.5 text-start break-words hover:bg-hover">{why}</button>
              </li>
            ))}
          </ul>
        </div>
      ))}
      <p className="text-muted">
        {both ? 'Both are in this conversation, so whatever would send something out, or run outside of the sandbox, asks you.' : 'As long as only one of the two is in a conversation, it may send what the rules allow.'}
      </p>
    </section>
  )
}
