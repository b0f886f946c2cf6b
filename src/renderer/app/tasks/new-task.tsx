import { NewTaskDialog } from '../../features/tasks/form/new-task-dialog'
import { useTasksParts } from '../../features/tasks/tasks-context'
import { useServices } from '../../lib/services'
import { useUiStore } from '../ui-context'

/** A new task, shown on the board where that is open, else told with a way there. */
export function NewTask({ workspaceId, onClose }: { readonly workspaceId: string | null; readonly onClose: () => void }) {
  const ui = useUiStore()
  const { toasts } = useServices()
  const tasks = useTasksParts()
  return (
    <NewTaskDialog
      workspaceId={workspaceId}
      onClose={onClose}
      onCreated={({ id }) => {
        onClose()
        if (ui.getState().route.view === 'tasks') tasks.board.getState().want(id)
        else toasts.info('Made the task.', [{ label: 'Show it', run: () => ui.getState().go({ view: 'tasks', taskId: id }) }])
      }}
    />
  )
}
