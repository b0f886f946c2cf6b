import { lazy, Suspense } from 'react'
import { Skeleton } from '../feedback'
import { EditorFailure } from './editor-failure'
import type { MonacoCodeProps } from './monaco-code'
import type { MonacoMergeProps } from './monaco-merge'

export type { CodeSelection, CodeTarget } from './monaco-code'

const MonacoCode = lazy(async () => ({ default: (await import('./monaco-code')).MonacoCode }))
const MonacoMerge = lazy(async () => ({ default: (await import('./monaco-merge')).MonacoMerge }))

/** Texts that can be edited. The editor is five megabytes and comes when the first one is shown. */
export function CodeEditor(props: MonacoCodeProps) {
  return (
    <EditorFailure fallback={<PlainEditor key={`${props.documentKey} ${props.revision}`} label={props.label} text={props.read(props.documentKey)} onEdit={(read) => props.onEdit(props.documentKey, read)} />}>
      <Suspense fallback={<Skeleton rows={8} label="Loading the editor" className="p-4" />}>
        <MonacoCode {...props} />
      </Suspense>
    </EditorFailure>
  )
}

export function MergeEditor(props: MonacoMergeProps) {
  return (
    <EditorFailure fallback={<PlainEditor label="Mine" text={props.mine} onEdit={props.onEdit} />}>
      <Suspense fallback={<Skeleton rows={8} label="Loading the editor" className="p-4" />}>
        <MonacoMerge {...props} />
      </Suspense>
    </EditorFailure>
  )
}

/** When the editor cannot be loaded, the text can still be changed. */
function PlainEditor({ label, text, onEdit }: { readonly label: string; readonly text: string; readonly onEdit: (read: () => string) => void }) {
  return (
    <textarea
      aria-label={label}
      spellCheck={false}
      defaultValue={text}
      className="h-full w-full resize-none bg-surface p-3 font-mono text-xs -outline-offset-2"
      onChange={(event) => {
        const { value } = event.target
        onEdit(() => value)
      }}
    />
  )
}
