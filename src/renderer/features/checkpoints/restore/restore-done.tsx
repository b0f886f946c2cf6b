import { CircleCheck, Undo2 } from 'lucide-react'
import type { RestoreResult } from '#contract/checkpoints'
import { Button } from '../../../components/button'
import { Dialog } from '../../../components/dialog'
import { ErrorNote } from '../../../components/feedback'
import { plural, shownPath } from '../words'
import { type Restored, useRedo } from './use-restore'

/** What was done, what was not, and the way back to exactly the state before. */
export function RestoreDone({ title, restored, onClose }: { readonly title: string; readonly restored: Restored; readonly onClose: () => void }) {
  const redo = useRedo()
  const { result } = restored
  const isUndone = redo.data !== undefined
  return (
    <Dialog
      title={isUndone ? 'Everything is as it was before' : `Done: ${title}`}
      onClose={onClose}
      actions={
        <>
          {!isUndone && (
            <Button disabled={redo.isPending} onClick={() => redo.mutate(restored)}>
              <Undo2 aria-hidden className="size-4" />{redo.isPending ? 'Undoing…' : 'Undo restore'}
            </Button>
          )}
          <Button tone="primary" autoFocus onClick={onClose}>Close</Button>
        </>
      }
    >
      <div role="status" className="flex flex-col gap-3">
        {redo.error !== null && <ErrorNote error={redo.error} />}
        <p className="flex items-center gap-2">
          <CircleCheck aria-hidden className="size-5 shrink-0 text-success" />
          {isUndone ? `The restore was undone: ${touchedText(redo.data)}.` : `${capital(touchedText(result))}.`}
        </p>
        {!isUndone && result.prompt !== null && <p>The prompt that stood here is in the composer again.</p>}
        <Paths title="Left as they are, since they were changed by someone else" paths={(redo.data ?? result).kept} />
        <Failures failed={(redo.data ?? result).failed} />
      </div>
    </Dialog>
  )
}

export function touchedText({ written, deleted, headId, items }: Pick<RestoreResult, 'written' | 'deleted' | 'headId' | 'items'>): string {
  return [
    written + deleted === 0 ? 'no file had to change' : `${plural(written, 'file')} written, ${deleted.toLocaleString('en')} deleted`,
    ...(headId === null ? [] : ['conversation moved']),
    ...(items.tasks === 0 ? [] : [`${plural(items.tasks, 'task')} taken back`]),
    ...(items.memory === 0 ? [] : [`${plural(items.memory, 'memory item')} taken back`]),
  ].join(', ')
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function Paths({ title, paths }: { readonly title: string; readonly paths: readonly string[] }) {
  if (paths.length === 0) return null
  return (
    <section>
      <h3 className="text-xs font-medium text-warning">{title}</h3>
      <ul className="max-h-40 overflow-y-auto font-mono text-xs">{paths.slice(0, 500).map((path) => <li key={path} className="break-all">{shownPath(path)}</li>)}</ul>
    </section>
  )
}

function Failures({ failed }: Pick<RestoreResult, 'failed'>) {
  if (failed.length === 0) return null
  return (
    <section role="alert">
      <h3 className="text-xs font-medium text-danger">Not restored</h3>
      <ul className="max-h-40 overflow-y-auto text-xs">
        {failed.slice(0, 500).map((item) => <li key={item.path}><span className="font-mono break-all">{shownPath(item.path)}</span>: {item.reason}</li>)}
      </ul>
    </section>
  )
}
