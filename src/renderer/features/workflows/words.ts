import type { ComparisonWord, WorkflowInput, WorkflowRunState, WorkflowStepState } from '#contract/workflows'

export const runWords: Readonly<Record<WorkflowRunState, string>> = { running: 'Running', stopping: 'Stopping', completed: 'Completed', failed: 'Failed', cancelled: 'Cancelled' }

export const stepWords: Readonly<Record<WorkflowStepState, string>> = {
  pending: 'Not yet', running: 'Running', needs_you: 'Needs you', done: 'Done', failed: 'Failed', skipped: 'Skipped', blocked: 'Not started', denied: 'Denied', cancelled: 'Cancelled',
}

export const comparisonWords: Readonly<Record<ComparisonWord, string>> = {
  equal: 'is', not_equal: 'is not', less: 'is less than', at_most: 'is at most', more: 'is more than', at_least: 'is at least', contains: 'contains', not_contains: 'does not contain',
  empty: 'is empty', not_empty: 'is not empty',
}

export const kindWords: Readonly<Record<WorkflowInput['kind'], string>> = { text: 'Text', number: 'Number', yes_no: 'Yes or no', choice: 'One of several' }

export const toneOf = (state: WorkflowRunState | WorkflowStepState): string => {
  switch (state) {
    case 'failed':
    case 'denied':
      return 'text-danger'
    case 'needs_you':
      return 'font-medium text-warning'
    case 'running':
    case 'stopping':
      return 'font-medium text-accent'
    default:
      return 'text-muted'
  }
}
