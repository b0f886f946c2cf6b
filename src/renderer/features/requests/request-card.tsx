import { useMutation } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import type { Decision } from '#contract/entries'
import type { HumanRequest } from '#contract/human-requests'
import { Button, type ButtonTone } from '../../components/button'
import { ErrorNote } from '../../components/feedback'
import { TextEntry } from '../../components/text-entry'
import { formatTime } from '../../lib/format'
import { useServices } from '../../lib/services'
import { type GrantTerms, GrantTermsForm, useGrantTerms } from './grant-terms'
import { PlanRequest } from './plan-request'
import { RequestFlow } from './request-flow'
import { RequestPreview } from './request-preview'
import { useMeantClick } from './use-meant-click'

const approvalLabels: Readonly<Record<Decision, string>> = {
  once: 'Allow once',
  session: 'Allow for this session',
  always: 'Always allow here',
  reject: 'Reject',
}
const unknownLabels: Readonly<Partial<Record<Decision, string>>> = { once: 'Run it again', reject: 'Leave it' }
const workflowLabels: Readonly<Partial<Record<Decision, string>>> = { once: 'Approve', reject: 'Deny' }
const secretLabels: Readonly<Partial<Record<Decision, string>>> = { once: 'Send once', always: 'Always leave out here', reject: 'Leave out' }
const tones: Readonly<Record<Decision, ButtonTone>> = { once: 'primary', session: 'plain', always: 'plain', reject: 'plain' }

/** What waits for a person: an approval, a question, or a call whose outcome is not known. */
export function RequestCard({ request, onAnswered }: { readonly request: HumanRequest; readonly onAnswered?: () => void }) {
  const { orpc } = useServices()
  const titleId = useId()
  const answer = useMutation(orpc.humanRequests.answer.mutationOptions({ meta: { shownInPlace: true }, onSuccess: () => onAnswered?.() }))
  const busy = answer.isPending || answer.isSuccess
  const decide: Decide = (decision, message = '', grant = undefined) => {
    if (busy) return
    answer.mutate({ id: request.id, decision, ...(message.trim() === '' ? {} : { message: message.trim() }), ...(grant && { grant }) })
  }
  return (
    <div role="group" aria-labelledby={titleId} className="rounded-md border border-warning/50 bg-warning-soft/40 p-3">
      <h3 id={titleId} className="font-semibold break-words">{request.title}</h3>
      {request.asker !== undefined && <p className="mt-0.5 text-xs break-words">Asked by the agent “{request.asker.title}” ({request.asker.template})</p>}
      {request.reason !== '' && <p className="mt-0.5 text-xs break-words whitespace-pre-wrap text-muted">{request.reason}</p>}
      {request.parkedAt !== null && <p className="mt-0.5 text-xs text-muted">Nobody has answered since {formatTime(request.createdAt)}. Nothing was decided: it goes on with your answer.</p>}
      {request.planId === undefined
        ? (
          <>
            {request.flow !== undefined && <RequestFlow flow={request.flow} />}
            {request.kind !== 'question' && request.kind !== 'workflow' && <RequestPreview request={request} />}
            {request.kind === 'question' ? <QuestionForm request={request} busy={busy} onDecide={decide} /> : <Decisions request={request} busy={busy} onDecide={decide} />}
          </>
        )
        : <PlanRequest planId={request.planId} onAnswered={onAnswered} />}
      {answer.error !== null && <ErrorNote error={answer.error} className="mt-2" />}
    </div>
  )
}

type Decide = (decision: Decision, message?: string, grant?: GrantTerms) => void

interface FormProps {
  readonly request: HumanRequest
  readonly busy: boolean
  readonly onDecide: Decide
}

function Decisions({ request, busy, onDecide }: FormProps) {
  const [rejecting, setRejecting] = useState(false)
  const [word, setWord] = useState('')
  const terms = useGrantTerms()
  const meant = useMeantClick()
  const isSecrets = request.kind === 'secrets'
  const isApproval = request.kind !== 'unknown_outcome' && !isSecrets
  const isWorkflow = request.kind === 'workflow'
  const labels = isSecrets ? secretLabels : isWorkflow ? workflowLabels : isApproval ? approvalLabels : unknownLabels
  const labelOf = (decision: Decision): string => labels[decision] ?? approvalLabels[decision]
  const toneOf = (decision: Decision): ButtonTone => (isSecrets ? (decision === 'reject' ? 'primary' : 'plain') : tones[decision])
  if (rejecting) {
    return (
      <WordBack
        label={isWorkflow ? 'Why (optional)' : 'A word back to the agent (optional)'}
        value={word}
        onChange={setWord}
        onSubmit={() => onDecide('reject', word)}
        onCancel={() => setRejecting(false)}
      >
        <Button tone="primary" disabled={busy} onClick={meant(() => onDecide('reject', word))}>{labelOf('reject')}</Button>
        <Button tone="quiet" onClick={() => setRejecting(false)}>Back</Button>
      </WordBack>
    )
  }
  const act = (decision: Decision): void => {
    if (decision === 'reject' && isApproval) setRejecting(true)
    else if (isApproval && (decision === 'session' || decision === 'always')) onDecide(decision, undefined, terms.read())
    else onDecide(decision)
  }
  return (
    <>
      {request.decisions.includes('session') && <GrantTermsForm request={request} terms={terms} />}
      <p className="mt-2 text-xs text-muted">{isWorkflow ? 'Approved, the workflow goes on. Denied, it ends, and what works of it is stopped. Until then it waits.' : consequences(isSecrets, isApproval)}</p>
      <div className="mt-2 flex flex-wrap gap-2">
        {request.decisions.map((decision) => (
          <Button key={decision} tone={toneOf(decision)} disabled={busy} onClick={meant(() => act(decision))}>{labelOf(decision)}</Button>
        ))}
      </div>
    </>
  )
}

function consequences(isSecrets: boolean, isApproval: boolean): string {
  if (isSecrets) return 'Sent, the provider of the model has it. “Always leave out here” counts for this folder; Settings, Secrets takes it back.'
  if (isApproval) return 'Allowed, it runs at once, exactly as shown. Rejected, the agent is told and goes on without it. Until then it waits.'
  return 'Run it again only where doing it twice does no harm. Left, the agent is told that nobody knows.'
}

function QuestionForm({ request, busy, onDecide }: FormProps) {
  const [text, setText] = useState('')
  const meant = useMeantClick()
  const canAnswer = request.decisions.includes('once') || request.decisions.length === 0
  return (
    <>
      {request.choices.length > 0 && (
        <div role="group" aria-label="Answers" className="mt-3 flex flex-wrap gap-2">
          {request.choices.map((choice) => (
            <Button key={choice} disabled={busy} className="py-1 text-start whitespace-normal" onClick={meant(() => onDecide('once', choice))}>
              {choice}
            </Button>
          ))}
        </div>
      )}
      {canAnswer && (
        <WordBack label="Your answer" value={text} onChange={setText} onSubmit={() => text.trim() !== '' && onDecide('once', text)}>
          <Button tone="primary" disabled={busy || text.trim() === ''} onClick={meant(() => onDecide('once', text))}>Answer</Button>
          {request.decisions.includes('reject') && <Button tone="quiet" disabled={busy} onClick={meant(() => onDecide('reject'))}>Do not answer</Button>}
        </WordBack>
      )}
    </>
  )
}

function WordBack({ label, value, onChange, onSubmit, onCancel, children }: {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly onSubmit: () => void
  readonly onCancel?: () => void
  readonly children: ReactNode
}) {
  const id = useId()
  const form = useRef<HTMLFormElement>(null)
  const isOpened = onCancel !== undefined
  useEffect(() => {
    // Its buttons belong to what was asked for, not only the field that takes the focus.
    if (isOpened) form.current?.scrollIntoView({ block: 'nearest' })
  }, [isOpened])
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onSubmit()
  }
  return (
    <form ref={form} onSubmit={submit} className="mt-3 flex scroll-mb-6 flex-col gap-2">
      <label htmlFor={id} className="text-xs font-medium">{label}</label>
      <TextEntry id={id} maxLength={20_000} value={value} autoFocus={isOpened} onChange={onChange} onSend={onSubmit} onCancel={onCancel} />
      <div className="flex flex-wrap gap-2">{children}</div>
    </form>
  )
}
