import type { Session } from '#contract/sessions'
import type { SlashCommand } from '../../../features/chat/composer/slash-command'
import { useMemoryCommands } from './memory-commands'
import { useModelCommands } from './model-commands'
import { useQueueCommands } from './queue-commands'
import { useServerCommands } from './server-commands'
import { useSessionCommands } from './session-commands'
import { useTaskCommands } from './task-commands'
import { useTurnCommands } from './turn-commands'
import { useViewCommands } from './view-commands'
import { useWorkflowCommands } from './workflow-commands'

/**
 * Everything that can be done from the message field of a session, in the order in which it is listed. A new command is an
 * entry in the file of its kind; a feature with several of its own has a file here and a line in this table.
 */
export function useSlashCommands(session: Session): readonly SlashCommand[] {
  return [
    ...useSessionCommands(session),
    ...useModelCommands(session),
    ...useMemoryCommands(session),
    ...useTurnCommands(session),
    ...useQueueCommands(session),
    ...useTaskCommands(session),
    ...useWorkflowCommands(session),
    ...useViewCommands(),
    ...useServerCommands(session),
  ]
}
