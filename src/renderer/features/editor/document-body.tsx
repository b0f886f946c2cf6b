import { FileQuestion, FileWarning } from 'lucide-react'
import { Button } from '../../components/button'
import { CodeEditor, type CodeSelection, type CodeTarget, MergeEditor } from '../../components/editor/code-editor'
import { EmptyState, ErrorNote, Skeleton } from '../../components/feedback'
import { MOST_TEXT_BYTES } from '#contract/files'
import { nameOf, shownName } from '../../lib/file-path'
import { formatBytes } from '../../lib/format'
import type { OpenDocument } from './document'
import type { Documents } from './documents'

/** The file itself, as far as it can be shown. */
export function DocumentBody({ document, documents, openKeys, isComparing, target, onSelect, onReload }: {
  readonly document: OpenDocument
  readonly documents: Documents
  readonly openKeys: readonly string[]
  readonly isComparing: boolean
  readonly target: CodeTarget | null
  readonly onSelect: (selection: CodeSelection | null) => void
  readonly onReload: () => void
}) {
  const { view, path, key } = document
  switch (view.kind) {
    case 'loading': return <Skeleton rows={8} label="Loading the file" className="p-4" />
    case 'failed': return <ErrorNote error={view.error} onRetry={onReload} className="m-4" />
    case 'text':
      if (isComparing && document.conflict !== null) {
        return <MergeEditor key={key} path={path} theirs={document.conflict.text} mine={documents.textOf(key)} onEdit={(read) => documents.edited(key, read)} onRelease={(read, text) => documents.released(key, read, text)} />
      }
      return (
        <CodeEditor
          documentKey={key}
          path={path}
          label={shownName(path)}
          revision={document.revision}
          openKeys={openKeys}
          read={documents.textOf}
          onEdit={documents.edited}
          onRelease={documents.released}
          target={target}
          onSelect={onSelect}
        />
      )
    case 'image': return <ImageView name={shownName(nameOf(path))} source={`data:${view.mime};base64,${view.base64}`} bytes={view.bytes} />
    case 'binary':
      return (
        <EmptyState icon={<FileQuestion />} title="This is not a text file">
          <p className="max-w-md">It has {formatBytes(view.bytes)} of binary content, or text in another encoding than UTF-8. It is shown nowhere and nothing in it is run.</p>
          <Button small onClick={onReload}>Read it again</Button>
        </EmptyState>
      )
    case 'too_large':
      return (
        <EmptyState icon={<FileWarning />} title="This file is too large to be edited here">
          <p className="max-w-md">It has {formatBytes(view.bytes)}; the editor takes up to {formatBytes(MOST_TEXT_BYTES)}. Search it, or ask an agent about a part of it.</p>
        </EmptyState>
      )
  }
}

function ImageView({ name, source, bytes }: { readonly name: string; readonly source: string; readonly bytes: number }) {
  return (
    <figure className="flex h-full flex-col items-center justify-center gap-2 overflow-auto p-4">
      <img src={source} alt={name} className="max-h-[85%] max-w-full rounded-md border border-line bg-[repeating-conic-gradient(var(--sunken)_0_25%,var(--surface)_0_50%)] bg-[length:16px_16px] object-contain" />
      <figcaption className="text-xs text-muted">{name}, {formatBytes(bytes)}</figcaption>
    </figure>
  )
}
