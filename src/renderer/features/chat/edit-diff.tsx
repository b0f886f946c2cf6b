import { useState } from 'react'
import { Button } from '../../components/button'
import { DiffView } from '../../components/diff/diff-view'
import { lineDiff } from '../../components/diff/line-diff'
import { DiffEditor } from '../../components/editor/diff-editor'
import { useServices } from '../../lib/services'
import { useOpened } from './opened'

const memoryKey = 'edit-diff'
const lineHeight = 19

/** What an edit changed: a light view at once, the editor's when it is asked for. */
export function EditDiff({ id, path, before, after, created }: {
  readonly id: string
  readonly path: string
  readonly before: string
  readonly after: string
  readonly created: boolean
}) {
  const { memory } = useServices()
  const [inEditor, setInEditor] = useOpened(`editor ${id}`, false)
  const [isSplit, setSplit] = useState(() => memory.read(memoryKey) === 'split')
  const choose = (split: boolean): void => {
    memory.write(memoryKey, split ? 'split' : 'unified')
    setSplit(split)
  }
  return (
    <div className="flex flex-col gap-1.5">
      {inEditor
        ? <div className="overflow-hidden rounded-md border border-line" style={{ height: editorHeight(before, after) }}><DiffEditor path={path} before={before} after={after} sideBySide={isSplit} label={`Changes of ${path}`} /></div>
        : <DiffView path={path} before={before} after={after} created={created} />}
      <div className="flex gap-1">
        <Button small tone="quiet" aria-expanded={inEditor} onClick={() => setInEditor(!inEditor)}>{inEditor ? 'Show as lines' : 'Show in the editor'}</Button>
        {inEditor && <Button small tone="quiet" aria-pressed={isSplit} onClick={() => choose(!isSplit)}>Side by side</Button>}
      </div>
    </div>
  )
}

/** Room for what changed and some lines around it. */
function editorHeight(before: string, after: string): number {
  const { added, removed } = lineDiff(before, after)
  return Math.min(520, Math.max(160, (added + removed + 12) * lineHeight))
}
