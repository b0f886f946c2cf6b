import { useQuery } from '@tanstack/react-query'
import type { Workspace } from '#contract/workspaces'
import { useServices } from '../../../lib/services'
import { RuleForm } from './rule-form'
import { RuleRows } from './rule-rows'
import { WhatIf } from './what-if'

/** The rules of a person: which there are, a new one, and what would happen. */
export function PermissionSettings({ workspace }: { readonly workspace: Workspace | null }) {
  const { orpc } = useServices()
  const rules = useQuery(orpc.permissions.list.queryOptions({ input: {} }))
  return (
    <div className="flex max-w-3xl flex-col gap-6">
      <RuleRows rules={rules} workspace={workspace} />
      <RuleForm workspace={workspace} />
      <WhatIf workspace={workspace} />
    </div>
  )
}
