import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Task } from '#contract/tasks'
import { Button } from '../../../components/button'
import { ErrorNote } from '../../../components/feedback'
import { formatTime } from '../../../lib/format'
import { useServices } from '../../../lib/services'
import { TextArea } from '../form/text-area'

/** What was said about the task; its agent reads it with the next attempt. */
export function Comments({ task }: { readonly task: Task }) {
  const { client, queries, drafts } = useServices()
  const draftKey = `task ${task.id}`
  const [text, setText] = useState(() => drafts.get(draftKey))
  const [error, setError] = useState<unknown>(null)
  const comments = useQuery(queries.taskComments(task.id))
  const write = (next: string): void => {
    setText(next)
    drafts.set(draftKey, next)
  }
  const send = (): void => {
    if (text.trim() === '') return
    client.tasks.comment({ id: task.id, text: text.trim() }).then(() => {
      setError(null)
      write('')
      void comments.refetch()
    }, setError)
  }
  return (
    <form
      aria-label="Comment"
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      {comments.error !== null && <ErrorNote error={comments.error} onRetry={() => void comments.refetch()} />}
      {comments.data !== undefined && comments.data.items.length > 0 && (
        <ol aria-label="Comments" className="flex flex-col gap-2">
          {comments.data.items.map((comment) => (
            <li key={comment.id} className="rounded-md bg-sunken px-2.5 py-1.5">
              <p className="break-words whitespace-pre-wrap">{comment.text}</p>
              <p className="text-xs text-muted">{comment.by === 'agent' ? 'The agent' : 'You'}, {formatTime(comment.at)}</p>
            </li>
          ))}
        </ol>
      )}
      <TextArea
        label="Say something about it"
        hint="Its agent reads it with the next attempt."
        rows={2}
        maxLength={20_000}
        value={text}
        onChange={(event) => write(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send()
        }}
      />
      {error !== null && <ErrorNote error={error} />}
      <Button type="submit" small className="self-start" disabled={text.trim() === ''}>Comment</Button>
    </form>
  )
}
