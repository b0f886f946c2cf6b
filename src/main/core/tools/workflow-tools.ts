import { z } from 'zod'
import { type Workflow, type WorkflowBody, WorkflowBodySchema, type WorkflowProblem, WorkflowValueSchema } from '#contract/workflows'
import { AppError } from '../errors'
import { defineTool } from './define-tool'
import type { ExecuteContext, Tool, ToolOutput } from './tool'

const RunWorkflowSchema = z.strictObject({
  workflow: z.string().min(1).max(200).describe('Its name, as list_workflows says it'),
  inputs: z.record(z.string(), WorkflowValueSchema).default({}).describe('The value of each input, by its name'),
})
export type RunWorkflowInput = z.output<typeof RunWorkflowSchema>

export function createListWorkflows(list: () => readonly Workflow[]): Tool {
  return defineTool({
    name: 'list_workflows',
    description: 'The saved workflows, with their inputs, rules and steps.',
    capability: 'read',
    readOnly: true,
    needs: 'nothing',
    input: z.strictObject({}),
    prepare: async () => ({ title: 'List the workflows', paths: [], execute: async () => ({ content: list().map(describe).join('\n\n') || 'There are none.' }) }),
  })
}

/** The call made again after a restart finds its run. */
export function createRunWorkflow({ find, run }: {
  readonly find: (name: string) => Workflow
  readonly run: (input: RunWorkflowInput, context: ExecuteContext) => Promise<ToolOutput>
}): Tool {
  return defineTool({
    name: 'run_workflow',
    description: `Run a saved workflow with inputs and wait for what comes of it. Its rules may refuse or want a person to approve; its steps are done by agents of their own, which may do no more than you.`,
    capability: 'tasks',
    readOnly: false,
    repeatable: true,
    timeoutMs: null,
    needs: 'delegating',
    input: RunWorkflowSchema,
    prepare: async (input) => {
      const { name, steps } = find(input.workflow)
      const given = Object.entries(input.inputs).map(([key, value]) => `${key}: ${String(value).slice(0, 60)}`).join(', ')
      return {
        title: `Run the workflow “${name}” (${steps.length} ${steps.length === 1 ? 'step' : 'steps'})${given === '' ? '' : ` with ${given}`}`.slice(0, 400), paths: [],
        execute: (context) => run(input, context),
      }
    },
  })
}

/** A new one; what is saved is changed by a person. */
export function createSaveWorkflow({ problems, save, exists }: {
  readonly problems: (workflow: unknown) => WorkflowProblem[]
  readonly save: (body: WorkflowBody, traceId: string) => Workflow
  readonly exists: (name: string) => boolean
}): Tool {
  return defineTool({
    name: 'save_workflow',
    description: `Save a new workflow for the person and for agents: inputs, rules over them that are looked at in order (require_approval, refuse, set), steps (tasks for agents,
approvals by a person) with dependencies and conditions, and an output. Texts may have placeholders: {{input}}, {{step.result}}, {{step.outcome}}.`,
    capability: 'propose',
    readOnly: false,
    needs: 'delegating',
    input: z.strictObject(WorkflowBodySchema.shape),
    prepare: async (body) => {
      const [first, ...more] = problems(body)
      if (first) throw new AppError('INVALID_PARAMETERS', `${first.path}: ${first.message}${more.map((problem) => ` ${problem.path}: ${problem.message}`).join('').slice(0, 1_000)} Nothing was saved.`)
      if (exists(body.name)) throw new AppError('CONFLICT', `There is a workflow “${body.name}” already. Take another name; nothing was saved.`)
      return {
        title: `Save the workflow “${body.name}” (${body.steps.length} ${body.steps.length === 1 ? 'step' : 'steps'})?`, paths: [], fingerprint: { name: body.name },
        execute: async ({ call }) => ({ content: `Saved as “${save(body, call.traceId).name}”. The person sees it under Workflows.` }),
      }
    },
    reconcile: { fingerprint: z.object({ name: z.string() }), judge: async ({ name }) => (exists(name) ? 'done' : 'not_done') },
  })
}

function describe({ name, description, inputs, rules, steps, output }: Workflow): string {
  return [
    `# ${name}${description === '' ? '' : `\n${description}`}`,
    ...inputs.map(({ name: input, kind, choices, required }) => `- input ${input} (${kind === 'choice' ? choices.join(' | ') : kind}${required ? '' : ', may be left out'})`),
    ...rules.map((rule) => `- rule “${rule.name}”: ${rule.then.do}`),
    ...steps.map((step) => `- step ${step.key} (${step.kind})${step.dependsOn.length === 0 ? '' : ` after ${step.dependsOn.join(', ')}`}: ${step.title}`),
    ...(output === '' ? [] : [`- output: ${output.slice(0, 300)}`]),
  ].join('\n')
}
