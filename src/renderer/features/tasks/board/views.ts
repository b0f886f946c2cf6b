import type { TaskFilter, TaskView } from '#contract/tasks'
import { type BoardFilter, BoardFilterSchema, type Lanes } from './filter'

/** What is shown, as a view keeps it: what is not asked for is not there. */
export function viewFilterOf({ workspace, text, mine, schedule, template, priority, kind, tag, source }: BoardFilter): TaskFilter {
  return {
    ...(workspace !== '' && { workspaceId: workspace === 'none' ? null : workspace }), ...(text.trim() !== '' && { text: text.trim() }), ...(mine && { mine }),
    ...(schedule !== '' && { scheduleId: schedule }), ...(template !== '' && { template }), ...(priority !== '' && { priority }), ...(kind !== '' && { kind }),
    ...(tag !== '' && { tag }), ...(source !== '' && { source }),
  }
}

export function boardFilterOf({ workspaceId, scheduleId, text, mine, template, priority, kind, tag, source }: TaskFilter): BoardFilter {
  return BoardFilterSchema.parse({
    workspace: workspaceId === undefined ? '' : (workspaceId ?? 'none'), schedule: scheduleId ?? '', text: text ?? '', mine: mine ?? false, template: template ?? '',
    priority: priority ?? '', kind: kind ?? '', tag: tag ?? '', source: source ?? '',
  })
}

/** Whether the board shows just this. */
export function isShown(view: TaskView, filter: BoardFilter, lanes: Lanes): boolean {
  return view.lanes === lanes && JSON.stringify(viewFilterOf(boardFilterOf(view.filter))) === JSON.stringify(viewFilterOf(filter))
}
