import type { TaskComment, TaskDetail } from '#contract/tasks'

/** What an agent is told of its task, as the first message of the attempt. */
export function firstMessage(task: Pick<TaskDetail, 'title' | 'instruction' | 'context' | 'checklist' | 'attempt'>, comments: readonly TaskComment[]): string {
  return [
    `# ${task.title}`,
    task.instruction,
    task.context === '' ? '' : `## Context\n\n${task.context}`,
    checklistText(task),
    comments.length === 0 ? '' : `## Comments\n\n${comments.map(commentText).join('\n')}`,
    task.attempt > 1 ? `This is attempt ${task.attempt}. Earlier attempts did not succeed; look at what is there before you begin.` : '',
  ].filter((part) => part !== '').join('\n\n')
}

/** After a person has looked at finished work and was not content. */
export function againMessage(task: Pick<TaskDetail, 'checklist'>, comments: readonly TaskComment[]): string {
  const words = comments.length === 0 ? 'Look again whether everything is as it was asked for.' : comments.map(({ text }) => text).join('\n\n')
  return [`The person has looked at your work and sends it back.`, words, checklistText(task)].filter((part) => part !== '').join('\n\n')
}

function checklistText({ checklist }: Pick<TaskDetail, 'checklist'>): string {
  if (checklist.length === 0) return ''
  const items = checklist.map(({ text, done }, index) => `${index + 1}. [${done ? 'x' : ' '}] ${text}`)
  return `## What must be true at the end\n\n${items.join('\n')}\n\nSay of each with task_progress, as soon as it is true and you have made sure.`
}

function commentText({ by, text }: TaskComment): string {
  return `- ${by === 'person' ? 'The person' : 'An agent'}: ${text}`
}
