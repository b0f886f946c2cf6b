import type { Session } from '#contract/sessions'
import { classNames } from '../../lib/class-names'

const looks: Readonly<Record<Session['status'], { readonly word: string; readonly style: string }>> = {
  idle: { word: 'Idle', style: 'border border-line-strong' },
  running: { word: 'Running', style: 'bg-accent pulse' },
  waiting: { word: 'Waiting for you', style: 'bg-warning' },
  interrupted: { word: 'Interrupted', style: 'bg-danger' },
}

export function SessionStatusDot({ status }: { readonly status: Session['status'] }) {
  const { word, style } = looks[status]
  return <span role="img" aria-label={word} title={word} className={classNames('inline-block size-2 shrink-0 rounded-full', style)} />
}
