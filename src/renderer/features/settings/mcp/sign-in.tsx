import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { McpServer } from '#contract/mcp'
import { Button } from '../../../components/button'
import { ErrorNote } from '../../../components/feedback'
import { useServices } from '../../../lib/services'

/** The person signs in with their own browser; the window only learns that it is done. */
export function SignIn({ server: { id, name, signIn } }: { readonly server: McpServer }) {
  const { orpc } = useServices()
  const queryClient = useQueryClient()
  const begin = useMutation(orpc.mcp.signIn.mutationOptions({ meta: { shownInPlace: true } }))
  const forget = useMutation(orpc.mcp.signOut.mutationOptions({ meta: { shownInPlace: true }, onSettled: () => queryClient.invalidateQueries({ queryKey: orpc.mcp.key() }) }))
  const error = begin.error ?? forget.error
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-3">
        <p className={signIn === 'needed' ? 'text-warning' : 'text-muted'}>{signIn === 'needed' ? `${name} wants you to sign in.` : 'You are signed in.'}</p>
        {signIn === 'needed' && begin.data === undefined && <Button small tone="primary" disabled={begin.isPending} onClick={() => begin.mutate({ id })}>{begin.isPending ? 'Asking the server…' : 'Sign in'}</Button>}
        {signIn === 'done' && <Button small disabled={forget.isPending} onClick={() => forget.mutate({ id })}>Sign out</Button>}
      </div>
      {signIn === 'needed' && begin.data !== undefined && (
        <p>
          <a href={begin.data.url} target="_blank" rel="noreferrer noopener" className="break-all text-accent underline">Sign in at {new URL(begin.data.url).host}</a>
          <span className="text-muted"> with your browser on this computer. This goes on by itself when you are back.</span>
        </p>
      )}
      {error !== null && <ErrorNote error={error} />}
    </div>
  )
}
