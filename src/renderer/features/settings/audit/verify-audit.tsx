import { useMutation } from '@tanstack/react-query'
import { ShieldAlert, ShieldCheck } from 'lucide-react'
import type { AuditVerdict } from '#contract/audit'
import { Button } from '../../../components/button'
import { ErrorNote } from '../../../components/feedback'
import { formatDuration } from '../../../lib/format'
import { useServices } from '../../../lib/services'

/** Whether every record is as it was written; each that is not is named. */
export function VerifyAudit({ onShow }: { readonly onShow: (number: number) => void }) {
  const { orpc } = useServices()
  const verify = useMutation(orpc.audit.verify.mutationOptions({ meta: { shownInPlace: true } }))
  const sign = useMutation(orpc.audit.signAnew.mutationOptions({ meta: { shownInPlace: true } }))
  const isBusy = verify.isPending || sign.isPending
  const data = sign.data ?? verify.data
  const error = verify.error ?? sign.error
  const look = () => {
    sign.reset()
    verify.mutate({})
  }
  return (
    <section aria-label="Verify" className="flex flex-col gap-2 rounded-md border border-line p-3">
      <div className="flex flex-wrap items-center gap-3">
        <Button tone="primary" disabled={isBusy} onClick={look}>Verify</Button>
        <div role="status" className="min-w-40 flex-1">
          {isBusy && <p className="text-muted">Calculating the chain…</p>}
          {!isBusy && data === undefined && error === null && <p className="text-muted">Each record carries a hash over the one before it. The newest is signed with a key in the keychain.</p>}
          {!isBusy && data !== undefined && <Verdict verdict={data} />}
        </div>
      </div>
      {error !== null && <ErrorNote error={error} />}
      {!isBusy && data?.ok === false && (
        <>
          <ul aria-label="What is wrong" className="flex flex-col gap-1">
            {data.problems.map(({ number, kind, message }) => (
              <li key={`${number} ${kind}`} className="flex flex-wrap items-center gap-2">
                <span className="min-w-40 flex-1 break-words text-danger">{message}</span>
                <Button small onClick={() => onShow(number)}>{`Show around ${number}`}</Button>
              </li>
            ))}
          </ul>
          {data.problems.some(({ kind }) => kind === 'head' || kind === 'cut') && (
            <div className="flex flex-wrap items-center gap-3">
              <Button disabled={isBusy} onClick={() => sign.mutate({})}>Sign it as it is</Button>
              <p className="min-w-40 flex-1 text-xs text-muted">Until then nothing new is signed. It is recorded that you did.</p>
            </div>
          )}
        </>
      )}
    </section>
  )
}

function Verdict({ verdict: { ok, message, records, putAway, durationMs } }: { readonly verdict: AuditVerdict }) {
  const Icon = ok ? ShieldCheck : ShieldAlert
  return (
    <p className={ok ? 'flex items-start gap-1.5 text-success' : 'flex items-start gap-1.5 font-medium text-danger'}>
      <Icon aria-hidden className="size-4 shrink-0" />
      <span>{`${message} Records: ${records}, in ${formatDuration(durationMs)}.${putAway > 0 ? ` Records 1 to ${putAway} were put away.` : ''}`}</span>
    </p>
  )
}
