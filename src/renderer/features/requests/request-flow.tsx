import { ArrowRight } from 'lucide-react'
import type { Flow } from '#contract/flow'

/** What would go where, and what the agent has read before. */
export function RequestFlow({ flow: { to, what, sources } }: { readonly flow: Flow }) {
  const whys = (label: Flow['sources'][number]['label']) => sources.filter((source) => source.label === label).map(({ why }) => why)
  return (
    <section aria-label="What would go where" className="mt-2 rounded-md border border-danger/50 bg-surface px-2.5 py-2 text-xs">
      <p className="flex flex-wrap items-baseline gap-1.5 font-medium text-danger">
        <ArrowRight aria-hidden className="size-3.5 shrink-0 self-center" />
        <span className="break-all">{`This would go to ${to.join(', ')}`}</span>
      </p>
      <pre tabIndex={0} role="group" aria-label="What would be sent" className="mt-1 max-h-40 overflow-auto rounded-sm border border-line bg-sunken px-2 py-1 font-mono break-words whitespace-pre-wrap">{what}</pre>
      <dl className="mt-1.5 grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5">
        <Whys title="Private" whys={whys('private')} />
        <Whys title="From outside" whys={whys('untrusted')} />
      </dl>
      {sources.some(({ byFile }) => byFile) && <p className="mt-1.5 text-muted">Files that agents wrote, and that you have looked at, you can accept in Settings, Folders and trust.</p>}
    </section>
  )
}

function Whys({ title, whys }: { readonly title: string; readonly whys: readonly string[] }) {
  return whys.length > 0 && (
    <>
      <dt className="text-muted">{title}</dt>
      <dd className="min-w-0"><ul>{whys.map((why) => <li key={why} className="break-words">{why}</li>)}</ul></dd>
    </>
  )
}
