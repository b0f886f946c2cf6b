import type { AuditKind, AuditProblem, AuditVerdict, Severity } from '#contract/audit'
import type { EventSource } from '../events/event-source'
import type { AuditHead, AuditReader, AuditSigning, ChainReport } from '../ports/audit-store'
import type { SecretStore } from '../ports/secret-store'
import type { Store } from '../ports/store'
import type { Clock, Logger, Sha256 } from '../ports/system'
import { withoutSecrets } from '../sessions/export/redact'
import { hashOf } from './chain'
import { factsText, wellFormed } from './facts'
import { RESTORED_FLAG } from './restored-flag'

const KEY_NAME = 'audit.key'
/** The head is signed after so many records, or so much later than the first of them. */
const SIGN_EVERY = 100
const SIGN_WITHIN_MS = 10_000
const LONGEST_TITLE = 500
/** Of what was signed, looked at again at each start. */
const LOOKED_AT_AT_START = 50_000
const nobody = { sessionId: null, runId: null }

export interface AuditEntry {
  readonly kind: AuditKind
  readonly title: string
  /** `low` when left out. */
  readonly severity?: Severity
  readonly content?: Readonly<Record<string, unknown>>
}

export type Audit = Pick<AuditLog, 'append'>

export interface AuditLog {
  /** Inside the transaction of what it tells of: both are kept or neither. */
  append(entry: AuditEntry, source: EventSource): void
  /** Calculates everything anew. Rejects with AppError only when the records cannot be read at all. */
  verify(): Promise<AuditVerdict>
  /** Verifies, and signs what is there however it is. */
  signAnew(traceId: string): Promise<AuditVerdict>
  /** Compares the newest records with the signed head; says so where something is wrong. Never throws. */
  lookAtStart(traceId: string): Promise<void>
  /** Signs the newest record. Never throws: without keychain or disk it is tried again later. */
  sign(): Promise<void>
  /** Signs for the last time. */
  stop(): Promise<void>
}

export interface AuditPorts {
  readonly store: Pick<Store, 'audit' | 'flags' | 'transaction' | 'sync'>
  readonly auditReader: AuditReader
  readonly auditSigning: AuditSigning
  readonly secrets: SecretStore
  readonly clock: Clock
  readonly sha256: Sha256
  readonly logger: Logger
  /** What a person has to know. */
  readonly onProblem: (message: string, traceId: string) => void
}

export function createAuditLog(ports: AuditPorts): AuditLog {
  const { store, clock, sha256, logger } = ports
  let unsigned = 0
  let cancelTimer = () => {}
  let signing: Promise<unknown> = Promise.resolve()

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = signing.then(work)
    signing = done.catch(() => undefined)
    return done
  }
  const sign = (): Promise<void> => {
    cancelTimer()
    unsigned = 0
    return inTurn(() => signHead(ports, append)).catch((error: unknown) => logger.warn('audit.not_signed', { error }))
  }
  const append: AuditLog['append'] = ({ kind, title, severity = 'low', content = {} }, { sessionId, runId, traceId }) => {
    store.transaction(() => {
      const { number, hash: before } = store.audit.head() ?? { number: 0, hash: '' }
      const row = { number: number + 1, at: clock.now(), kind, severity, title: wellFormed(withoutSecrets(title).slice(0, LONGEST_TITLE)), sessionId, runId, traceId: wellFormed(traceId), content: factsText(content), before }
      store.audit.append({ ...row, hash: hashOf(row, sha256) })
    }, 'later')
    unsigned += 1
    if (unsigned === 1) cancelTimer = clock.after(SIGN_WITHIN_MS, () => void sign())
    if (unsigned === SIGN_EVERY) void sign()
  }
  const verify = () => inTurn(() => verifyFrom(ports, 0))

  return {
    append,
    verify,
    sign,
    signAnew: async (traceId) => {
      const found = await verify()
      append({ kind: 'audit', severity: 'critical', title: 'A person had the audit signed as it is', content: { message: found.message, problems: found.problems } }, { ...nobody, traceId })
      await inTurn(() => signHead(ports, append, true))
      return verify()
    },
    lookAtStart: async (traceId) => {
      try {
        await acceptRestore(ports, append, traceId, () => inTurn(() => signHead(ports, append, true)))
        if (store.audit.head() === null) return
        const signed = await ports.auditSigning.file.read()
        const { ok, message } = await inTurn(() => verifyFrom(ports, Math.max(0, numberOf(signed) - LOOKED_AT_AT_START)))
        if (ok) return
        append({ kind: 'audit', severity: 'critical', title: `The audit is not as it was written. ${message}` }, { ...nobody, traceId })
        ports.onProblem(`The audit is not as it was written. ${message} Settings, Audit shows more.`, traceId)
      } catch (error) {
        logger.warn('audit.not_looked_at', { error })
      }
    },
    stop: async () => {
      if (unsigned > 0) await sign()
      await signing
      cancelTimer()
    },
  }
}

/** A backup was put in the place of the database: what the head vouches for may be gone, and that is known. */
async function acceptRestore({ store, auditSigning }: AuditPorts, append: AuditLog['append'], traceId: string, signAnyway: () => Promise<void>): Promise<void> {
  const restored = store.flags.get(RESTORED_FLAG)
  if (restored === null) return
  const vouchedFor = numberOf(await auditSigning.file.read())
  store.transaction(() => {
    const records = store.audit.head()?.number ?? 0
    append({
      kind: 'restore', severity: 'high', title: `The database was put back to a backup: the audit had ${Math.max(vouchedFor, records)} records, and goes on from ${records}`,
      content: { at: Number(restored), records, vouchedFor },
    }, { ...nobody, traceId })
    store.flags.remove(RESTORED_FLAG)
  })
  await signAnyway()
}

function numberOf(head: AuditHead | 'damaged' | null): number {
  return head === null || head === 'damaged' ? 0 : head.number
}

/** What contradicts the records is not written over, unless a person wants it so. */
async function signHead({ store, secrets, auditSigning: { file, newKey, mac } }: AuditPorts, append: AuditLog['append'], anyway = false): Promise<void> {
  store.sync()
  const head = store.audit.head()
  if (!head) return
  const signed = await file.read()
  const known = await secrets.get(KEY_NAME)
  if (!anyway && contradicts(store, signed, known, mac)) return
  const key = known ?? newKey()
  if (known === null) await secrets.set(KEY_NAME, key)
  await file.write({ ...head, mac: mac(key, head.number, head.hash) })
  if (known === null) append({ kind: 'audit', title: 'Signed with a new key from here on' }, { ...nobody, traceId: '' })
}

function contradicts(store: AuditPorts['store'], signed: AuditHead | 'damaged' | null, key: string | null, mac: AuditSigning['mac']): boolean {
  if (signed === 'damaged') return true
  if (signed === null) return key !== null && wasSigned(store)
  return store.audit.hashOf(signed.number) !== signed.hash || (key !== null && mac(key, signed.number, signed.hash) !== signed.mac)
}

/** Since then there has been a file with the head. */
function wasSigned(store: AuditPorts['store']): boolean {
  return store.audit.list({ kind: 'audit', limit: 1 }).items.length > 0
}

async function verifyFrom(ports: AuditPorts, from: number): Promise<AuditVerdict> {
  const { store, clock, secrets, auditReader, auditSigning } = ports
  const startedAt = clock.elapsed()
  store.sync()
  const signed = await auditSigning.file.read()
  const report = await auditReader.verify(from)
  // Without a keychain nothing can be said of the signature.
  const key = await secrets.get(KEY_NAME).catch(() => null)
  const head = judgeHead(ports, report, signed, key)
  const problems = [...report.problems, ...(head.problem ? [head.problem] : [])]
  const [first] = problems
  const more = report.count + (head.problem ? 1 : 0) - 1
  const message = first ? `${first.message}${more > 0 ? ` And ${more} more.` : ''}` : head.message
  const signedUpTo = signed === null || signed === 'damaged' ? null : signed.number
  return { ok: first === undefined, records: report.records + report.skipped, putAway: store.audit.cut()?.to ?? 0, problems, message, signedUpTo, checkedAt: clock.now(), durationMs: Math.round(clock.elapsed() - startedAt) }
}

type HeadJudgement = { readonly problem: AuditProblem | null; readonly message: string }

function judgeHead({ store, auditSigning: { mac } }: AuditPorts, { last }: ChainReport, signed: AuditHead | 'damaged' | null, key: string | null): HeadJudgement {
  const wrong = (number: number, kind: AuditProblem['kind'], message: string): HeadJudgement => ({ problem: { number, kind, message }, message })
  const right = (message: string): HeadJudgement => ({ problem: null, message })
  if (signed === 'damaged') return wrong(last, 'head', 'The signed head was changed: its file cannot be read.')
  if (signed === null) {
    if (key !== null && wasSigned(store)) return wrong(last, 'head', 'The signed head is gone, so records that were cut off at the end would not show.')
    return right(last === 0 ? 'There are no records yet.' : 'Every record is as it was written. None is signed yet, so records that were cut off at the end would not show.')
  }
  if (key !== null && mac(key, signed.number, signed.hash) !== signed.mac) return wrong(signed.number, 'head', 'The signed head was changed: its signature is not ours.')
  if (last < signed.number) return wrong(last + 1, 'cut', last + 1 === signed.number ? `Record ${signed.number}, the last, was cut off.` : `Records ${last + 1} to ${signed.number} were cut off at the end.`)
  const there = store.audit.hashOf(signed.number)
  if (there !== null && there !== signed.hash) return wrong(signed.number, 'head', `Record ${signed.number} is not the one that was signed: it, or all from an earlier one on, was written anew.`)
  if (key === null) return right('Every record is as it was written. The key of the signature is not in the keychain, so the signature could not be checked.')
  return right(`Every record is as it was written, and record ${signed.number} is the one that was signed.`)
}
