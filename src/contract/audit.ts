import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { EmptySchema, IdSchema, PageInputSchema, TimestampSchema, pageOf } from './common'

/**
 * `decision`: on a tool call, by which rule. `approval`: what a person answered. `grant`, `rule`, `trust`, `lock`, `restore`: what a person
 * changed. `tool`: how a call ended. `secret`: that a key was read or changed, never its value. `login`: who came with a token, or without.
 * `guardrail`: what a policy or a tripwire found. `activity`: what an agent noted for later. `audit`: of the audit itself.
 */
export const AuditKindSchema = z.enum(['decision', 'approval', 'grant', 'rule', 'trust', 'tool', 'secret', 'login', 'lock', 'restore', 'guardrail', 'activity', 'audit'])
export type AuditKind = z.infer<typeof AuditKindSchema>

export const SeveritySchema = z.enum(['low', 'medium', 'high', 'critical'])
export type Severity = z.infer<typeof SeveritySchema>

export const AuditRecordSchema = z.object({
  /** From 1, without gaps. */
  number: z.int(),
  at: TimestampSchema,
  kind: AuditKindSchema,
  severity: SeveritySchema,
  /** What happened, in a few words. */
  title: z.string(),
  sessionId: IdSchema.nullable(),
  runId: IdSchema.nullable(),
  traceId: z.string(),
  /** The facts. What looks like a key is left out. */
  content: z.record(z.string(), z.unknown()),
  /** Over this record, and over the hash of the one before it. */
  hash: z.string(),
})
export type AuditRecord = z.infer<typeof AuditRecordSchema>

/**
 * `changed`: it is not what was written. `removed`: it is gone, with records after it still there. `moved`: another record stands in its
 * place. `added`: it was never written by Trestle. `cut`: it is gone, with all after it. `head`: the signature does not fit.
 */
export const AuditProblemSchema = z.object({
  number: z.int(),
  kind: z.enum(['changed', 'removed', 'moved', 'added', 'cut', 'head']),
  message: z.string(),
})
export type AuditProblem = z.infer<typeof AuditProblemSchema>

export const AuditVerdictSchema = z.object({
  ok: z.boolean(),
  records: z.int(),
  /** In the order of the records, the first twenty; empty: every record is as it was written. */
  problems: z.array(AuditProblemSchema),
  /** All of it in one sentence. */
  message: z.string(),
  /** Up to which record the signature vouches; null: it vouches for none. */
  signedUpTo: z.int().nullable(),
  checkedAt: TimestampSchema,
  durationMs: z.int(),
})
export type AuditVerdict = z.infer<typeof AuditVerdictSchema>

const tags = ['audit']
export const AuditFilterSchema = z.object({
  kind: AuditKindSchema.optional(),
  /** This one and what is worse. */
  severity: SeveritySchema.optional(),
  sessionId: IdSchema.optional(),
  /** In the title or the facts, whatever the case. */
  text: z.string().trim().min(1).max(200).optional(),
  from: z.coerce.number().int().nonnegative().optional(),
  until: z.coerce.number().int().nonnegative().optional(),
})
export type AuditFilter = z.infer<typeof AuditFilterSchema>

export const audit = {
  list: oc.route({ method: 'GET', path: '/audit', tags,
    summary: 'What was decided, allowed, changed and done, newest first. A page looks through a bounded number of records: it may be short, or empty, and still have a next one' })
    .input(PageInputSchema.extend(AuditFilterSchema.shape)).output(pageOf(AuditRecordSchema)),
  verify: oc.route({ method: 'POST', path: '/audit/verify', tags, summary: 'Calculate the whole chain anew and compare it with the signed head; names each record that was changed, removed, moved or cut off' })
    .input(EmptySchema).output(AuditVerdictSchema),
  signAnew: oc.route({ method: 'POST', path: '/audit/sign', tags, summary: 'Vouch for the records as they are now, after a person has seen what is wrong with them; this is recorded' })
    .input(EmptySchema).output(AuditVerdictSchema),
  export: oc.route({ method: 'GET', path: '/audit/export', tags, outputStructure: 'detailed', summary: 'All that fits the filter, newest first, as JSON lines; what looks like a key is left out' })
    .input(AuditFilterSchema).output(z.object({ headers: z.record(z.string(), z.string()), body: z.instanceof(ReadableStream) })),
  exportParts: oc.route({ method: 'GET', path: '/audit/export/parts', tags, summary: 'The same, as a stream of pieces of text' })
    .input(AuditFilterSchema).output(eventIterator(z.object({ text: z.string() }))),
}
