import { useMutation } from '@tanstack/react-query'
import type { ExportFormat, Session } from '#contract/sessions'
import { shorten } from '../../lib/format'
import { saveFile } from '../../lib/save-file'
import { useServices } from '../../lib/services'

/** What can be done with a session from its row. What takes it out of sight can be undone right there. */
export function useSessionActions({ onGone }: { readonly onGone: (id: string) => void }) {
  const { orpc, cache, toasts } = useServices()
  const onSuccess = (session: Session): void => cache.session(session)
  const patch = useMutation(orpc.sessions.patch.mutationOptions({ onSuccess }))
  const trash = useMutation(orpc.sessions.trash.mutationOptions({ onSuccess }))
  const untrash = useMutation(orpc.sessions.untrash.mutationOptions({ onSuccess }))
  const nameOf = ({ title }: Session): string => `“${shorten(title, 40)}”`
  return {
    rename: (session: Session, title: string) => patch.mutate({ id: session.id, title }),
    pin: (session: Session) => patch.mutate({ id: session.id, pinned: !session.pinned }),
    archive: (session: Session) =>
      patch.mutate({ id: session.id, archived: !session.archived }, {
        onSuccess: () => {
          if (session.archived) return toasts.info(`${nameOf(session)} is back in the list.`)
          onGone(session.id)
          toasts.info(`Archived ${nameOf(session)}.`, [{ label: 'Undo', run: () => patch.mutate({ id: session.id, archived: false }) }])
        },
      }),
    trash: (session: Session) =>
      trash.mutate({ id: session.id }, {
        onSuccess: () => {
          onGone(session.id)
          toasts.info(`Deleted ${nameOf(session)}. It stays in the bin for a week.`, [{ label: 'Undo', run: () => untrash.mutate({ id: session.id }) }])
        },
      }),
    untrash: (session: Session) => untrash.mutate({ id: session.id }, { onSuccess: () => toasts.info(`${nameOf(session)} is back in the list.`) }),
  }
}
export type SessionActions = ReturnType<typeof useSessionActions>

/** Saves a session as a file, piece by piece as it comes. */
export function useExportSession() {
  const { client } = useServices()
  return useMutation({
    mutationFn: async ({ id, format }: { readonly id: string; readonly format: ExportFormat }) => {
      const parts: string[] = []
      let name = 'session'
      for await (const part of await client.sessions.exportParts({ id, format })) {
        parts.push(part.text)
        name = part.fileName ?? name
      }
      saveFile(name, parts, format === 'json' ? 'application/json' : 'text/markdown')
    },
  })
}
