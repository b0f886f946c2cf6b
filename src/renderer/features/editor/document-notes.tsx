import { FileX2, GitCompareArrows, TriangleAlert } from 'lucide-react'
import { Button } from '../../components/button'
import { ErrorNote } from '../../components/feedback'
import type { OpenDocument } from './document'

/** What a person has to know of the open file before going on. */
export function DocumentNotes({ document, isAway, isComparing, onCompare, onKeepMine, onTakeTheirs, onSave }: {
  readonly document: OpenDocument
  /** The folder cannot be reached. */
  readonly isAway: boolean
  readonly isComparing: boolean
  readonly onCompare: () => void
  readonly onKeepMine: () => void
  readonly onTakeTheirs: () => void
  readonly onSave: () => void
}) {
  return (
    <>
      {isAway && (
        <p role="status" className="flex items-center gap-2 border-b border-line bg-danger-soft px-3 py-1.5 text-danger">
          <FileX2 aria-hidden className="size-4 shrink-0" />
          <span className="min-w-0 flex-1">The folder cannot be reached. {document.isDirty ? 'What you typed is kept here; save it when the folder is back.' : 'This is the file as it was last read.'}</span>
        </p>
      )}
      {document.conflict !== null && (
        <div role="alert" className="flex flex-wrap items-center gap-2 border-b border-line bg-warning-soft px-3 py-1.5 text-warning">
          <GitCompareArrows aria-hidden className="size-4 shrink-0" />
          <p className="min-w-0 flex-[1_1_24rem]">{isComparing ? 'Left: on disk. Right: yours. Change yours until it is right, then keep it.' : 'This file was changed on disk while you have unsaved text.'}</p>
          <Button small aria-pressed={isComparing} onClick={onCompare}>{isComparing ? 'Back to the text' : 'Compare and merge'}</Button>
          <Button small onClick={onTakeTheirs}>Take theirs</Button>
          <Button small tone="primary" onClick={onKeepMine}>Keep mine</Button>
        </div>
      )}
      {document.isDeleted && !isAway && (
        <div role="status" className="flex flex-wrap items-center gap-2 border-b border-line bg-warning-soft px-3 py-1.5 text-warning">
          <TriangleAlert aria-hidden className="size-4 shrink-0" />
          <p className="min-w-48 flex-1">This file is not on disk any more. Its text is still here.</p>
          {document.view.kind === 'text' && <Button small onClick={onSave}>Save it again</Button>}
        </div>
      )}
      {document.problem !== null && <ErrorNote error={document.problem} className="m-2" />}
    </>
  )
}
