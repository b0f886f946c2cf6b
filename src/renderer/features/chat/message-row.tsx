import { type AriaAttributes, memo, type Ref } from 'react'
import { assertNever } from '../../lib/assert-never'
import { classNames } from '../../lib/class-names'
import type { DisplayRow } from './display-rows'
import { Marker } from './markers'
import { type MessageActions, ReplyPart, UserMessage } from './messages'
import { RunBanner } from './run-banner'
import type { MessageSlots } from './slots'
import { ToolRow } from './tool-row'

export interface RowViewProps {
  readonly shown: DisplayRow
  readonly actions: MessageActions
  readonly slots: MessageSlots
  readonly follow: () => void
}

/** A row in its place in the list. `place`: how many there are and the number of this one, where that is known. */
export function MessageRow({ measure, index, start, place, isMarked, onMarked, onFocus, onBlur, ...row }: RowViewProps & {
  readonly measure: Ref<HTMLElement>
  readonly index: number
  readonly start: number
  readonly place: Pick<AriaAttributes, 'aria-posinset' | 'aria-setsize'>
  readonly isMarked: boolean
  readonly onMarked: () => void
  readonly onFocus: (index: number) => void
  readonly onBlur: () => void
}) {
  return (
    <article
      ref={measure}
      data-index={index}
      data-key={row.shown.key}
      aria-label={nameOf(row.shown)}
      {...place}
      aria-busy={row.shown.row.kind === 'live' ? true : undefined}
      tabIndex={-1}
      onFocus={(event) => event.target === event.currentTarget && onFocus(index)}
      onBlur={(event) => event.target === event.currentTarget && onBlur()}
      className={classNames('absolute top-0 left-0 w-full ps-4 pe-7 pb-2.5 -outline-offset-2', isMarked && 'flash')}
      onAnimationEnd={isMarked ? onMarked : undefined}
      style={{ transform: `translateY(${start}px)` }}
    >
      <RowView {...row} />
    </article>
  )
}

function nameOf({ row, ...shown }: DisplayRow): string {
  switch (row.kind) {
    case 'user': return 'You'
    case 'assistant':
    case 'live': return shown.kind === 'part' && shown.index > 0 ? `Agent, part ${shown.index + 1}` : 'Agent'
    case 'partial': return 'Agent, cut off'
    case 'tool': return `Call of ${row.call.name}`
    case 'marker': return 'Change'
    case 'request': return 'Question'
    case 'ended': return 'End of the turn'
    default: return assertNever(row)
  }
}

const RowView = memo(function RowView({ shown, actions, follow, slots }: RowViewProps) {
  if (shown.kind === 'part') return <ReplyPart shown={shown} actions={actions} />
  const { row } = shown
  switch (row.kind) {
    case 'user': return <UserMessage entry={row.entry} payload={row.payload} actions={actions} turnActions={row.entry.runId === null ? null : slots.renderTurnActions(row.entry.runId)} />
    case 'tool': return <ToolRow row={row} actions={actions} slots={slots} onAnswered={follow} />
    case 'marker': return <Marker payload={row.payload} />
    case 'request': return slots.renderRequest(row.request, follow)
    case 'ended': return <RunBanner run={row.run} onResumed={follow} />
    default: return assertNever(row)
  }
})
