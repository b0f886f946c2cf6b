import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type WorkflowBody, WorkflowBodySchema, type WorkflowRunStep } from '#contract/workflows'
import { decide, endOf, GATE, isOpen } from './advance'
import { problemsOf } from './check-workflow'
import { fillIn, holds, lookupIn, parseReference } from './texts'
import { applyRules, readInputs } from './values'

const any = () => true
const body = (given: object): WorkflowBody => WorkflowBodySchema.parse({ name: 'W', steps: [{ kind: 'task', key: 'a', title: 'A', instruction: 'Do a' }], ...given })
const task = (key: string, more: object = {}) => ({ kind: 'task', key, title: key.toUpperCase(), instruction: `Do ${key}`, ...more })
const pending = (key: string, more: Partial<WorkflowRunStep> = {}): WorkflowRunStep =>
  ({ key, kind: 'task', title: key, state: 'pending', taskId: null, requestId: null, result: '', reason: null, startedAt: null, endedAt: null, ...more })
const is = (value: string, word: string, to: unknown = '') => ({ comparisons: [{ value, is: word, to }] })

describe('what is wrong with a workflow', () => {
  it.each([
    ['a circle', { steps: [task('a', { dependsOn: ['b'] }), task('b', { dependsOn: ['a'] })] }, 'steps.0.dependsOn', 'circle'],
    ['a step that waits for itself', { steps: [task('a', { dependsOn: ['a'] })] }, 'steps.0.dependsOn', 'circle'],
    ['a step that is not there', { steps: [task('a', { dependsOn: ['z'] })] }, 'steps.0.dependsOn', 'not there'],
    ['the same key twice', { steps: [task('a'), task('a')] }, 'steps.1.key', 'Two steps'],
    ['an unknown placeholder', { steps: [task('a', { instruction: 'Pay {{amont}}' })] }, 'steps.0.instruction', '“amont”'],
    ['a placeholder of nothing', { steps: [task('a', { instruction: 'Pay {{ }}' })] }, 'steps.0.instruction', '“”'],
    ['the result of a step that it does not wait for', { steps: [task('a'), task('b', { instruction: '{{a.result}}' })] }, 'steps.1.instruction', 'does not wait'],
    ['a condition on nothing', { steps: [task('a', { when: is('x', 'more', 1) })] }, 'steps.0.when.comparisons.0.value', '“x”'],
    ['a rule that looks at what a later one sets', { rules: [{ name: 'r', when: is('y', 'equal', 1), then: { do: 'refuse', message: 'no' } }, { name: 's', then: { do: 'set', name: 'y', value: 1 } }] }, 'rules.0.when.comparisons.0.value', '“y”'],
    ['two inputs of one name', { inputs: [{ name: 'x' }, { name: 'x' }] }, 'inputs.1.name', 'Two inputs'],
    ['a choice of nothing', { inputs: [{ name: 'x', kind: 'choice' }] }, 'inputs.0.choices', 'choice of nothing'],
    ['a default that does not fit', { inputs: [{ name: 'x', kind: 'number', default: 'many' }] }, 'inputs.0.default', 'number'],
    ['an output of a step that is not there', { output: '{{z.result}}' }, 'output', '“z.result”'],
  ])('names %s and its place', (_what, given, path, words) => {
    const [first] = problemsOf({ name: 'W', steps: [task('a')], ...given }, any)
    expect(first).toEqual({ path, message: expect.stringContaining(words) })
  })

  it('names a kind of agent that is not there, and takes what is right', () => {
    expect(problemsOf({ name: 'W', steps: [task('a', { template: 'nobody' })] }, () => false)).toMatchObject([{ path: 'steps.0.template' }])
    expect(problemsOf({
      name: 'W', inputs: [{ name: 'amount', kind: 'number' }], rules: [{ name: 'r', then: { do: 'set', name: 'big', value: '{{amount}} coins' } }],
      steps: [task('a', { instruction: '{{big}}' }), task('b', { dependsOn: ['a'] }), task('c', { dependsOn: ['b'], instruction: '{{a.result}}', when: is('b.outcome', 'equal', 'done') })], output: '{{c.result}}',
    }, any)).toEqual([])
  })

  it('is told of junk of any form, without throwing', () => {
    fc.assert(fc.property(fc.anything(), (junk) => problemsOf(junk, any).length > 0))
  })
})

describe('texts and conditions', () => {
  it('fill in each placeholder once: what comes in is only text', () => {
    expect(fillIn('{{a}} and {{ b }}', (name) => (name === 'a' ? '{{b}}' : 2))).toBe('{{b}} and 2')
    expect(fillIn('$& {{a}}', () => '$& $1')).toBe('$& $& $1')
    fc.assert(fc.property(fc.string(), (text) => fillIn(`<{{x}}>`, () => text) === `<${text}>`))
  })

  it('never read what the inputs do not have', () => {
    expect(['constructor', '__proto__', 'toString'].map((name) => lookupIn({}, [])(name))).toEqual(['', '', ''])
    expect([parseReference('a.b.c'), parseReference('a.state'), parseReference(''), parseReference('1a')]).toEqual([null, null, null, null])
  })

  it.each([
    [5, 'more', 4, true], ['5', 'more', 4, true], ['ten', 'more', 4, false], ['10', 'equal', 10, true], ['Yes ', 'equal', 'yes', true], [true, 'equal', 'yes', true], ['', 'empty', '', true],
    ['a big fish', 'contains', 'BIG', true], ['', 'less', 1, false], [4, 'at_least', 4, true], [4, 'at_most', 3, false], ['x', 'not_equal', 'y', true], ['abc', 'not_contains', 'z', true], [' ', 'not_empty', '', false],
  ] as const)('%j %s %j is %j', (value, word, to, expected) => {
    expect(holds({ match: 'all', comparisons: [{ value: 'x', is: word, to }] }, () => value)).toBe(expected)
  })
})

describe('inputs and rules', () => {
  const { inputs, rules } = body({
    inputs: [{ name: 'amount', kind: 'number' }, { name: 'note', required: false }, { name: 'urgent', kind: 'yes_no', required: false }],
    rules: [
      { name: 'Too much', when: is('amount', 'more', 1000), then: { do: 'refuse', message: '{{amount}} is too much.' } },
      { name: 'Big', when: is('amount', 'more', 100), then: { do: 'set', name: 'size', value: 'big' } },
      { name: 'Look first', when: is('size', 'equal', 'big'), then: { do: 'require_approval', message: 'Pay {{amount}}?' } },
    ],
  })

  it('are read in order, and each sees what those before it set', () => {
    expect(applyRules({ rules }, readInputs(inputs, { amount: 500 }))).toEqual({ values: { amount: 500, note: '', urgent: false, size: 'big' }, approval: 'Look first: Pay 500?' })
    expect(applyRules({ rules }, readInputs(inputs, { amount: 50 })).approval).toBeNull()
    expect(() => applyRules({ rules }, readInputs(inputs, { amount: 5000 }))).toThrow('5000 is too much. Nothing was started.')
  })

  it.each([[{}, 'missing'], [{ amount: 'x' }, 'number'], [{ amount: 1, other: 1 }, 'no input “other”'], [{ amount: 1, urgent: 'yes' }, 'true or false']])('refuse %j', (given, words) => {
    expect(() => readInputs(inputs, given)).toThrow(words)
  })
})

describe('what comes next', () => {
  const two = body({ steps: [task('a'), task('b', { dependsOn: ['a'] }), task('c', { dependsOn: ['a'], when: is('a.outcome', 'equal', 'failed') })] })

  it('after a failure is only what speaks of it', () => {
    const steps = [pending('a', { state: 'failed', reason: 'Broken.' }), pending('b'), pending('c')]
    expect(decide({ definition: two, values: {}, steps })).toEqual([{ key: 'b', do: 'block', reason: expect.stringContaining('“a”') }, { key: 'c', do: 'start', reason: null }])
    expect(decide({ definition: two, values: {}, steps: [pending('a', { state: 'done' }), pending('b'), pending('c')] }).map(({ key, do: what }) => `${key} ${what}`)).toEqual(['b start', 'c skip'])
    expect(endOf({ definition: two, values: {}, steps: [steps[0] ?? pending('a'), pending('b', { state: 'blocked' }), pending('c', { state: 'done' })] })).toMatchObject({ state: 'failed', error: { message: 'The step “a” was not done: Broken.' } })
  })

  it('is nothing before the approval that a rule wants, and nothing after one that was denied', () => {
    expect(decide({ definition: two, values: {}, steps: [pending(GATE, { kind: 'approval' }), pending('a'), pending('b'), pending('c')] })).toEqual([{ key: GATE, do: 'start', reason: null }])
    expect(endOf({ definition: two, values: {}, steps: [pending(GATE, { kind: 'approval', state: 'denied', result: 'Not now' }), pending('a')] })).toMatchObject({ state: 'failed', error: { code: 'PERMISSION_DENIED', message: 'Workflow approval denied', data: { message: 'Not now' } } })
  })

  it('goes past what may fail', () => {
    const definition = body({ steps: [task('a', { mayFail: true }), task('b', { dependsOn: ['a'] })] })
    expect(decide({ definition, values: {}, steps: [pending('a', { state: 'failed' }), pending('b')] })).toEqual([{ key: 'b', do: 'start', reason: null }])
    expect(endOf({ definition, values: {}, steps: [pending('a', { state: 'failed' }), pending('b', { state: 'done' })] })).toMatchObject({ state: 'completed' })
  })

  /** Steps wait only for those before them; each has a condition on one of these or none. */
  const anyBody = fc.array(fc.record({ before: fc.array(fc.nat(20), { maxLength: 4 }), when: fc.option(fc.constantFrom('done', 'failed', 'skipped')), mayFail: fc.boolean(), isApproval: fc.boolean() }), { minLength: 1, maxLength: 12 })
    .map((drawn) => body({
      steps: drawn.map(({ before, when, mayFail, isApproval }, index) => {
        const dependsOn = [...new Set(before.filter((other) => other < index).map((other) => `s${other}`))]
        const condition = when !== null && dependsOn[0] !== undefined ? { when: is(`${dependsOn[0]}.outcome`, 'equal', when) } : {}
        return isApproval ? { kind: 'approval', key: `s${index}`, title: 'T', dependsOn, ...condition } : task(`s${index}`, { dependsOn, mayFail, ...condition })
      }),
    }))

  it('whatever ends in whatever order: each step is decided once, never before those that it waits for, and every run comes to an end', () => {
    fc.assert(fc.property(anyBody, fc.infiniteStream(fc.tuple(fc.nat(1000), fc.boolean())), (definition, chance) => {
      let steps = definition.steps.map(({ key, kind }) => pending(key, { kind }))
      const decided: string[] = []
      const set = (key: string, patch: Partial<WorkflowRunStep>) => { steps = steps.map((step) => (step.key === key ? { ...step, ...patch } : step)) }
      for (let round = 0; endOf({ definition, values: {}, steps }) === null; round += 1) {
        expect(round).toBeLessThan(100)
        for (let next = decide({ definition, values: {}, steps }); next.length > 0; next = decide({ definition, values: {}, steps })) {
          for (const { key, do: what } of next) {
            const waitsFor = definition.steps.find((step) => step.key === key)?.dependsOn ?? []
            expect(steps.filter((step) => waitsFor.includes(step.key)).some(isOpen)).toBe(false)
            decided.push(key)
            set(key, { state: what === 'start' ? 'running' : what === 'skip' ? 'skipped' : 'blocked' })
          }
        }
        const working = steps.filter(({ state }) => state === 'running')
        const { value } = chance.next()
        const [pick, succeeds] = value ?? [0, true]
        const one = working[pick % Math.max(1, working.length)]
        if (one) set(one.key, { state: succeeds ? 'done' : one.kind === 'approval' ? 'denied' : 'failed' })
      }
      expect(new Set(decided).size).toBe(decided.length)
      const end = endOf({ definition, values: {}, steps })
      if (steps.some(({ state }) => state === 'denied')) expect(end?.error?.message).toBe('Workflow approval denied')
      else expect(steps.some(isOpen)).toBe(false)
    }))
  })
})
