import { useQuery } from '@tanstack/react-query'
import type { Session } from '#contract/sessions'
import type { Workflow, WorkflowValue } from '#contract/workflows'
import { CommandError, type SlashCommand } from '../../../features/chat/composer/slash-command'
import { shorten } from '../../../lib/format'
import { useServices } from '../../../lib/services'
import { useUiStore } from '../../ui-context'

/** `/workflow`: starts a saved one in the folder and mode of the session. */
export function useWorkflowCommands({ workspaceId, mode }: Session): readonly SlashCommand[] {
  const { client, orpc, toasts } = useServices()
  const ui = useUiStore()
  const workflows = useQuery({ ...orpc.workflows.list.queryOptions({ input: {} }), staleTime: 30_000 }).data?.items ?? []
  const open = (workflowId: string | null): void => ui.getState().go({ view: 'workflows', workflowId })
  const run = async (typed: string): Promise<undefined> => {
    if (typed === '') {
      open(null)
      return undefined
    }
    const { items } = await client.workflows.list({})
    const workflow = items.toSorted((left, right) => right.name.length - left.name.length).find(({ name }) => typed.toLowerCase() === name.toLowerCase() || typed.toLowerCase().startsWith(`${name.toLowerCase()} `))
    if (workflow === undefined) throw new CommandError(items.length === 0 ? 'No workflow is saved yet. /workflow alone leads to where one is made.' : `Say which: ${items.slice(0, 8).map(({ name }) => shorten(name, 40)).join(', ')}.`)
    const started = await client.workflows.start({ id: workflow.id, inputs: readInputs(workflow, typed.slice(workflow.name.length)), workspaceId, mode })
    toasts.info(`Started “${shorten(started.name, 40)}”.`, [{ label: 'Show it', run: () => open(workflow.id) }])
    return undefined
  }
  return [{
    name: 'workflow', argument: '[name] [input=…]', description: 'Start a saved workflow; alone: show them all', run,
    choices: workflows.slice(0, 20).map(({ name, inputs }) => ({ value: name, note: inputs.map((input) => `${input.name}=…`).join(' '), ...(inputs.length > 0 && { goesOn: true }) })),
  }]
}

/** `name=value` or `name="a value"`; what stands alone is the first one. */
function readInputs({ inputs }: Pick<Workflow, 'inputs'>, typed: string): Record<string, WorkflowValue> {
  const texts = new Map<string, string>()
  const rest = typed.replace(/(\w+)=(?:"([^"]*)"|(\S*))/g, (_whole, name: string, quoted: string | undefined, plain: string | undefined) => {
    texts.set(name, quoted ?? plain ?? '')
    return ''
  }).trim()
  const [first] = inputs
  if (rest !== '' && first !== undefined && !texts.has(first.name)) texts.set(first.name, rest)
  return Object.fromEntries([...texts].map(([name, text]): [string, WorkflowValue] => {
    const kind = inputs.find((input) => input.name === name)?.kind
    if (kind === 'number' && text.trim() !== '' && Number.isFinite(Number(text))) return [name, Number(text)]
    return [name, kind === 'yes_no' ? ['yes', 'true', '1'].includes(text.toLowerCase()) : text]
  }))
}
