import { z } from 'zod'
import { defineTool } from './define-tool'
import type { Tool } from './tool'

const TaskProgressSchema = z.strictObject({
  item: z.number().int().min(1).describe('Number of the item in the list of what must be true at the end'),
  done: z.boolean().describe('Whether it is true now, and you have made sure'),
  note: z.string().trim().max(2_000).optional().describe('What a person should know of it'),
})

export type TaskProgress = z.infer<typeof TaskProgressSchema>

/** Saying the same twice changes nothing, so it may be repeated. */
export function createTaskProgress(progress: (sessionId: string, said: TaskProgress) => string): Tool {
  return defineTool({
    name: 'task_progress',
    description: 'Say of an item of the checklist of your task whether it is true. The person sees it at once.',
    capability: 'read',
    readOnly: true,
    needs: 'checklist',
    input: TaskProgressSchema,
    prepare: async (said, { sessionId }) => ({
      title: `${said.done ? 'Tick' : 'Untick'} item ${said.item} of the checklist`, paths: [],
      execute: async () => ({ content: progress(sessionId, said) }),
    }),
  })
}
