import { describe, expect, it } from 'vitest'
import { type WorkflowBody, WorkflowBodySchema } from '#contract/workflows'
import { emptyWorkflow, moved, namesFor, newStep, possibleBefore, renamedStep, withoutStep } from './draft'

const workflow: WorkflowBody = WorkflowBodySchema.parse({
  name: 'W', inputs: [{ name: 'amount' }], rules: [{ name: 'r', then: { do: 'set', name: 'size', value: 'big' } }],
  steps: [
    { kind: 'task', key: 'a', title: 'A', instruction: 'Do {{amount}}' }, { kind: 'approval', key: 'b', title: 'B {{a.result}}', dependsOn: ['a'], message: '{{ a.result }} of {{amount}}' },
    { kind: 'task', key: 'c', title: 'C', instruction: '{{b.result}}', dependsOn: ['b'], when: { comparisons: [{ value: 'a.outcome', is: 'equal', to: 'done' }] } },
  ],
  output: '{{a.result}} {{c.result}}',
})

describe('the draft of a workflow', () => {
  it('gives a step another key wherever it is named', () => {
    const { steps, output } = renamedStep(workflow, 0, 'first')
    expect(steps).toMatchObject([{ key: 'first', instruction: 'Do {{amount}}' }, { dependsOn: ['first'], title: 'B {{first.result}}', message: '{{first.result}} of {{amount}}' }, { when: { comparisons: [{ value: 'first.outcome' }] } }])
    expect(output).toBe('{{first.result}} {{c.result}}')
  })

  it('changes only the step itself while it has no key of its own', () => {
    const twice = { ...workflow, steps: [...workflow.steps, ...workflow.steps.slice(0, 1)] }
    expect(renamedStep(twice, 3, 'd')).toEqual({ ...twice, steps: [...workflow.steps, { ...workflow.steps[0], key: 'd' }] })
    expect(renamedStep(renamedStep(twice, 3, ''), 3, 'd').steps.map(({ key, dependsOn }) => `${key} ${dependsOn.join()}`)).toEqual(['a ', 'b a', 'c b', 'd '])
  })

  it('offers only what a step can wait for and name', () => {
    const [a, , c] = workflow.steps
    expect(possibleBefore(workflow.steps, 'a')).toEqual([])
    expect(possibleBefore(workflow.steps, 'c').map(({ key }) => key)).toEqual(['a', 'b'])
    expect(namesFor(workflow, a ?? null)).toEqual(['amount', 'size'])
    expect(namesFor(workflow, c ?? null).sort()).toEqual(['a.outcome', 'a.result', 'amount', 'b.outcome', 'b.result', 'size'])
    expect(namesFor(workflow, null)).toEqual(['amount', 'size'])
  })

  it('lets nobody wait for a step that is gone, and adds one behind the last', () => {
    expect(withoutStep(workflow.steps, 'b').map(({ dependsOn }) => dependsOn)).toEqual([[], []])
    expect(newStep(emptyWorkflow, 'task')).toMatchObject({ key: 'step1', dependsOn: [] })
    expect(newStep({ steps: [newStep(emptyWorkflow, 'task')] }, 'approval')).toMatchObject({ key: 'step2', dependsOn: ['step1'] })
    expect([moved([1, 2, 3], 0, -1), moved([1, 2, 3], 0, 1), moved([1, 2, 3], 2, 1)]).toEqual([[1, 2, 3], [2, 1, 3], [1, 2, 3]])
  })
})
