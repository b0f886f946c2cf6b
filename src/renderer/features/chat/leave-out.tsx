import { useMutation, useQuery } from '@tanstack/react-query'
import { Button } from '../../components/button'
import { formatTokens } from '../../lib/format'
import { useServices } from '../../lib/services'

/** What stands in the place of an output that was left out takes some room as well. */
const worthTokens = 50

/** Offers to take a tool's output out of what the model is sent; nothing where that saves nothing or the model does not see it anyway. */
export function LeaveOut({ sessionId, entryId, isIdle }: { readonly sessionId: string; readonly entryId: string; readonly isIdle: boolean }) {
  const { orpc, queries } = useServices()
  const context = useQuery(queries.context(sessionId))
  const discard = useMutation(orpc.sessions.discard.mutationOptions())
  const part = context.data?.parts.find((item) => item.entryId === entryId && item.kind === 'tool_result')
  if (part === undefined || part.tokens < worthTokens) return null
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-1 border-t border-line pt-2.5">
      <p className="min-w-40 flex-1 text-muted">
        The model is sent this output with every call. Leaving it out saves about {formatTokens(part.tokens)} tokens (estimated).
        {!isIdle && ' It can be left out once the turn is over.'}
      </p>
      <Button
        small
        disabled={!isIdle || discard.isPending || discard.isSuccess}
        title="The conversation keeps it; the model can run the tool again"
        onClick={() => discard.mutate({ id: sessionId, entryIds: [entryId] })}
      >
        Leave out of context
      </Button>
    </div>
  )
}
