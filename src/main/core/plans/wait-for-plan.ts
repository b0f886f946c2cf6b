import type { EventStream } from '../events/event-stream'
import type { Store } from '../ports/store'
import type { ExecuteContext, ToolOutput } from '../tools/tool'
import { outcomeText } from './plan-outcome'

/** What came of the plan that a call proposed, once all of it has ended. Rejects with the signal's reason. */
export async function waitForPlan({ store, events }: { readonly store: Store; readonly events: EventStream }, { call, sessionId, signal }: ExecuteContext): Promise<ToolOutput> {
  const find = () => store.plans.findByCall(call.runId, call.key)
  for await (const _message of events.subscribe({ topics: ['plan.update'], sessionId }, signal)) {
    const plan = find()
    if (!plan) return { content: 'There is no plan of this call any more.', isError: true }
    if (plan.state !== 'ended') continue
    return { ...outcomeText(store, plan), details: { kind: 'tasks', taskIds: Object.values(plan.taskIds), planId: plan.id } }
  }
  signal.throwIfAborted()
  throw new Error('the event stream ended')
}
