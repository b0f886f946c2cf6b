import type { Store } from '../ports/store'

/** Whether a run only waits for an approval of a workflow: no turn takes it up, and it has ended with the answer. */
export function isApprovalRun({ requests }: Pick<Store, 'requests'>, runId: string): boolean {
  return requests.listOpenByRun(runId).some(({ kind }) => kind === 'workflow')
}
