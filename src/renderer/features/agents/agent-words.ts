import type { AgentNode } from '#contract/agents'
import { formatCost, formatDuration, formatTokens } from '../../lib/format'

const words: Readonly<Record<AgentNode['state'], string>> = {
  queued: 'waits for its place', running: 'at work', waiting: 'needs you', completed: 'done', failed: 'failed', cancelled: 'stopped', interrupted: 'interrupted',
}

export function isAtWork({ state }: Pick<AgentNode, 'state'>): boolean {
  return state === 'running' || state === 'waiting' || state === 'queued'
}

/** What it does now, or what it came to. */
export function describeState(node: AgentNode): string {
  if (node.handedOver) return 'handed over to you'
  if (node.openRequests > 0) return words.waiting
  if (node.state === 'running' && node.step !== null) return node.step.kind === 'model' ? 'thinks' : node.step.name === 'delegate' ? 'waits for its agents' : `uses ${node.step.name}`
  return words[node.state]
}

/** Time, tokens and money, each where there is any. */
export function describeUse(node: AgentNode, now: number): string {
  return [
    ...(node.startedAt === null ? [] : [formatDuration((node.endedAt ?? now) - node.startedAt)]),
    ...(node.usage.totalTokens === 0 ? [] : [`${formatTokens(node.usage.totalTokens)} tokens`]),
    ...(node.costUsd === null || node.costUsd === 0 ? [] : [formatCost(node.costUsd)]),
  ].join(' · ')
}
