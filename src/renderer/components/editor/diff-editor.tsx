import { lazy, Suspense } from 'react'
import { DiffView } from '../diff/diff-view'
import { ErrorNote, Skeleton } from '../feedback'
import { EditorFailure } from './editor-failure'
import type { MonacoDiffProps } from './monaco-diff'

const MonacoDiff = lazy(async () => ({ default: (await import('./monaco-diff')).MonacoDiff }))

/** Two texts side by side or in one column. The editor is five megabytes and comes when the first diff is shown. */
export function DiffEditor(props: MonacoDiffProps) {
  return (
    <EditorFailure fallback={<PlainDiff {...props} />}>
      <Suspense fallback={<Skeleton rows={8} label="Loading the editor" className="p-4" />}>
        <MonacoDiff {...props} />
      </Suspense>
    </EditorFailure>
  )
}

function PlainDiff({ path, before, after }: MonacoDiffProps) {
  return (
    <div className="flex flex-col gap-2 p-2">
      <ErrorNote error="The editor could not be loaded; this is the plain view." />
      <DiffView path={path} before={before} after={after} created={before === ''} />
    </div>
  )
}
