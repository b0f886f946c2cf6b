import type { Policy, PolicyAction } from '#contract/guardrails'

export const actionChoices: readonly { readonly value: PolicyAction; readonly label: string }[] = [
  { value: 'warn', label: 'Say so and go on' }, { value: 'ask', label: 'Wait for me' }, { value: 'stop', label: 'Stop it' },
]

export const placeLabels: Readonly<Record<Policy['on'][number], string>> = { prompt: 'messages that begin a turn', reply: 'replies', tool: 'tool calls' }

export function actionLabel(action: PolicyAction): string {
  return actionChoices.find(({ value }) => value === action)?.label ?? action
}
