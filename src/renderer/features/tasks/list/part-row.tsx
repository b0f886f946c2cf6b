import type { Task } from '#contract/tasks'
import { classNames } from '../../../lib/class-names'
import { useBoardState, useTaskPlace } from '../tasks-context'
import { stateWords } from '../words'

/** A part under its task: what it is called and how it is. It leads to its own drawer. */
export function PartRow({ part, parent, index, height, cells }: { readonly part: Task; readonly parent: Task; readonly index: number; readonly height: number; readonly cells: number }) {
  const { onOpen } = useTaskPlace()
  const isCurrent = useBoardState((state) => state.focusId === parent.id)
  const tone = part.state === 'needs_you' ? 'text-warning' : part.state === 'failed' || part.state === 'dead_letter' ? 'text-danger' : 'text-muted'
  return (
    <tr aria-rowindex={index + 2} style={{ height }} className="hover:bg-hover">
      <td className="border-b border-line/60" />
      <th scope="row" className="truncate border-b border-line/60 px-2 text-start font-normal">
        <button type="button" tabIndex={isCurrent ? 0 : -1} title={part.title} aria-label={`${part.title}, part of ${parent.title}`} onClick={() => onOpen(part.id)} className="ms-3 block w-[calc(100%-0.75rem)] truncate border-s border-line ps-2 text-start -outline-offset-2">{part.title}</button>
      </th>
      <td className={classNames('truncate border-b border-line/60 px-2', tone)} title={part.reason ?? undefined}>{stateWords[part.state]}</td>
      <td colSpan={cells - 2} className="truncate border-b border-line/60 px-2 text-muted">{part.template}</td>
    </tr>
  )
}
