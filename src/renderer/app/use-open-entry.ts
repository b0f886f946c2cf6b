import { useCallback } from 'react'
import { errorMessage } from '../lib/error-message'
import { useServices } from '../lib/services'
import { useUiStore } from './ui-context'

/** Goes to an entry of a session, on whichever branch it is. */
export function useOpenEntry(): (sessionId: string, entryId: string) => Promise<void> {
  const { client, cache, toasts } = useServices()
  const ui = useUiStore()
  return useCallback(async (sessionId, entryId) => {
    ui.getState().go({ view: 'session', sessionId })
    try {
      const { headId } = await client.sessions.locate({ id: sessionId, entryId })
      const session = await client.sessions.get({ id: sessionId })
      if (session.activeHeadId !== headId) cache.session(await client.sessions.patch({ id: sessionId, activeHeadId: headId }))
      ui.getState().setTarget({ sessionId, entryId })
    } catch (error) {
      toasts.error(`The message is on another branch, which cannot be shown now. ${errorMessage(error)}`)
    }
  }, [client, cache, toasts, ui])
}
