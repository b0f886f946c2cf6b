import { useMutation, useQuery } from '@tanstack/react-query'
import { useLayoutEffect } from 'react'
import type { Session } from '#contract/sessions'
import type { Workspace } from '#contract/workspaces'
import { usableModels } from '../components/models/usable-models'
import { parseRoute, routeHash, sessionOf } from '../lib/route'
import { useServices } from '../lib/services'
import { useUi, useUiStore } from './ui-context'

/** The session of the address, and the folder that belongs to what is shown. */
export function useSelection() {
  const { queries } = useServices()
  const route = useUi((state) => state.route)
  const pickedId = useUi((state) => state.workspaceId)
  const sessionId = sessionOf(route)
  const session = useQuery({ ...queries.session(sessionId ?? ''), enabled: sessionId !== null })
  const workspaces = useQuery(queries.workspaces())
  const items = workspaces.data?.items ?? []
  const byId = (id: string | null): Workspace | null => items.find((item) => item.id === id) ?? null
  const picked = byId(pickedId) ?? items.find((item) => item.available) ?? null
  const shown = sessionId === null ? null : session.data
  return {
    sessionId,
    session,
    /** Of new sessions. */
    folder: picked,
    /** Of what is shown: a session keeps its folder, or has none. */
    workspace: shown ? byId(shown.workspaceId) : picked,
    workspaceName: (id: string | null) => (id === null ? 'no folder' : (byId(id)?.name ?? 'unknown folder')),
    workspaceById: byId,
  }
}

export function useNewSession(folder: Workspace | null) {
  const { orpc, cache, queries } = useServices()
  const ui = useUiStore()
  // Before the folders are known, a session would start without one.
  const isKnown = useQuery(queries.workspaces()).isSuccess
  const { needsWelcome } = useModelState(null)
  const canStart = isKnown && !needsWelcome
  const create = useMutation(orpc.sessions.create.mutationOptions({
    onSuccess: (session) => {
      cache.session(session)
      ui.getState().go({ view: 'session', sessionId: session.id })
    },
  }))
  return {
    isDisabled: create.isPending || !canStart,
    /** Why none can be started, where the person can do something about it. */
    reason: needsWelcome ? 'Choose a model first' : null,
    /** `onStarted` is called with the new session, also when what asked for it is not shown any more. */
    start: (onStarted?: (sessionId: string) => void) => {
      // A failure is told for all mutations in one place.
      if (!create.isPending && canStart) void create.mutateAsync({ workspaceId: folder?.id ?? null }).then(({ id }) => onStarted?.(id), () => undefined)
    },
  }
}

/** What a session's messages go to, and whether anything can be used at all. */
export function useModelState(session: Session | null) {
  const { queries } = useServices()
  const settings = useQuery(queries.settings())
  const models = useQuery(queries.models())
  const loaded = settings.data !== undefined && models.data !== undefined
  const usable = loaded ? usableModels(models.data.items, settings.data) : []
  const modelId = session?.model ?? settings.data?.defaultModel ?? null
  return {
    loaded,
    error: settings.error ?? models.error,
    settings: settings.data ?? null,
    models: models.data?.items ?? [],
    usable,
    modelId,
    model: models.data?.items.find((model) => model.id === modelId) ?? null,
    /** Nothing is chosen, or nothing can be chosen: the welcome comes first. */
    needsWelcome: loaded && modelId === null,
  }
}

/** Back and forward of the browser, and `trestle://` links that a browser hands on as `/#/link/…`. */
export function useRouteFromAddress(): void {
  const ui = useUiStore()
  useLayoutEffect(() => {
    const follow = (): void => {
      const link = linkOf(window.location.hash)
      if (link === null) return ui.setState({ route: parseRoute(window.location.hash) })
      // Shown over where the window is; the address is put back.
      window.history.replaceState(null, '', routeHash(ui.getState().route))
      ui.getState().setDialog({ kind: 'proposal', link })
    }
    // The address may have changed between the load of the page and now.
    follow()
    window.addEventListener('popstate', follow)
    window.addEventListener('hashchange', follow)
    return () => {
      window.removeEventListener('popstate', follow)
      window.removeEventListener('hashchange', follow)
    }
  }, [ui])
}

/** A link to be shown, from the address; anyone may write one, so it only ever proposes. */
function linkOf(hash: string): string | null {
  const [, encoded] = /^#\/link\/(.+)$/s.exec(hash) ?? []
  if (encoded === undefined) return null
  try {
    return decodeURIComponent(encoded)
  } catch {
    return encoded
  }
}
