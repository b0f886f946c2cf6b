import { useMutation, type UseQueryResult } from '@tanstack/react-query'
import { Pencil, ScrollText, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { describeRule } from '#contract/permission-words'
import type { PermissionRule } from '#contract/permissions'
import type { Workspace } from '#contract/workspaces'
import { IconButton } from '../../../components/button'
import { EmptyState, ErrorNote, Skeleton } from '../../../components/feedback'
import { formatTime } from '../../../lib/format'
import { useServices } from '../../../lib/services'
import { RuleForm } from './rule-form'

const scopes = { user: 'everywhere', workspace: 'in one folder', session: 'in one session' } as const

export function RuleRows({ rules, workspace }: { readonly rules: UseQueryResult<{ items: PermissionRule[] }>; readonly workspace: Workspace | null }) {
  const { orpc, toasts } = useServices()
  const [changed, setChanged] = useState<string | null>(null)
  const create = useMutation(orpc.permissions.create.mutationOptions({ onSettled: () => rules.refetch() }))
  const remove = useMutation(orpc.permissions.remove.mutationOptions({ meta: { shownInPlace: true }, onSettled: () => rules.refetch() }))
  const removeRule = ({ id, createdAt: _made, ...rule }: PermissionRule): void => {
    remove.mutate({ id }, { onSuccess: () => toasts.info('The rule was removed.', [{ label: 'Undo', run: () => create.mutate(rule) }]) })
  }
  const items = rules.data?.items ?? []
  return (
    <section className="flex flex-col gap-2">
      {rules.isPending && <Skeleton rows={3} label="Loading the rules" />}
      {rules.error !== null && <ErrorNote error={rules.error} onRetry={() => void rules.refetch()} />}
      {rules.isSuccess && items.length === 0 && (
        <EmptyState icon={<ScrollText />} title="No rules yet">
          <p>The mode of a session and your answers decide. A rule settles a thing once, such as “Never allow commands that contain ‘git push’”.</p>
        </EmptyState>
      )}
      {items.length > 0 && (
        <ol aria-label="Rules" className="max-h-96 divide-y divide-line overflow-y-auto rounded-md border border-line">
          {items.map((rule) => (
            <li key={rule.id} className="flex flex-wrap items-center gap-3 px-3 py-2">
              <div className="min-w-0 flex-1">
                <p className="break-words first-letter:uppercase">{describeRule(rule)}</p>
                <p className="text-xs text-muted">{placeOf(rule)}</p>
              </div>
              <IconButton label={`Change: ${describeRule(rule)}`} icon={<Pencil />} aria-expanded={changed === rule.id} onClick={() => setChanged(changed === rule.id ? null : rule.id)} />
              <IconButton label={`Remove: ${describeRule(rule)}`} icon={<Trash2 />} disabled={remove.isPending} onClick={() => removeRule(rule)} />
              {changed === rule.id && <div className="w-full"><RuleForm workspace={workspace} rule={rule} onDone={() => setChanged(null)} /></div>}
            </li>
          ))}
        </ol>
      )}
      {remove.error !== null && <ErrorNote error={remove.error} />}
    </section>
  )
}

function placeOf({ scope, priority, expiresAt }: PermissionRule): string {
  const parts = [scopes[scope], ...(priority === 0 ? [] : [`priority ${priority}`]), ...(expiresAt === null ? [] : [`until ${formatTime(expiresAt)}`])]
  return `Counts ${parts.join(', ')}`
}
