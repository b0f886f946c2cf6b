import { type ReactNode, useState } from 'react'
import type { CheckpointDiff } from '#contract/checkpoints'
import { plural } from '../words'
import { ChangeList } from './change-list'

/** Changed files, and the one that is picked. */
export function FilesDiff({ files, renderFile }: { readonly files: CheckpointDiff['files']; readonly renderFile: (path: string) => ReactNode }) {
  const [picked, setPicked] = useState<string | null>(null)
  if (!files.available) return <p className="p-6 text-center text-muted">The files of one side are not kept any more, so they cannot be compared.</p>
  if (files.total === 0) return <p className="p-6 text-center text-muted">All files are the same in both.</p>
  const shown = files.items.find((item) => item.path === picked)?.path ?? files.items[0]?.path ?? null
  return (
    <div className="grid h-full min-h-0 grid-cols-1 grid-rows-[minmax(7rem,1fr)_3fr] md:grid-cols-[minmax(13rem,1fr)_3fr] md:grid-rows-1">
      <div className="flex min-h-0 min-w-0 flex-col border-b border-line md:border-r md:border-b-0">
        <div className="min-h-0 flex-1"><ChangeList items={files.items} picked={shown} onPick={setPicked} /></div>
        {files.truncated && <p className="border-t border-line px-3 py-1 text-xs text-warning">The first {plural(files.items.length, 'file')} of {files.total.toLocaleString('en')}.</p>}
      </div>
      <div className="min-h-0 min-w-0">{shown !== null && renderFile(shown)}</div>
    </div>
  )
}
