import { oc } from '@orpc/contract'
import { z } from 'zod'
import { CostSchema, IdSchema, TimestampSchema, UsageSchema } from './common'
import { ErrorBodySchema } from './errors'
import { RunStateSchema } from './runs'

/**
 * One thing that happened. `hash` is the SHA-256 (hex) of the hash before it, a line feed, and the JSON of
 * `[number, at, kind, content]` with the keys of every object in the order of the alphabet.
 */
export const ReceiptRecordSchema = z.object({
  /** 1 for the first. */
  number: z.number().int(),
  at: TimestampSchema,
  /** `header`: whose run it was. `input`, `reply`, `tool_result`, `approval`, …: entries of its conversation. `step`: a model or tool call. `files_changed`, `files`: how much and which files. `outcome`: how it ended. */
  kind: z.string().max(40),
  content: z.record(z.string(), z.unknown()),
  hash: z.string().length(64),
})
export type ReceiptRecord = z.infer<typeof ReceiptRecordSchema>

export const ReceiptSchema = z.object({
  format: z.literal('trestle-receipt-1'),
  runId: IdSchema,
  sessionId: IdSchema,
  /** Null: it belongs to no task. */
  task: z.object({ id: IdSchema, title: z.string(), attempt: z.number().int() }).nullable(),
  state: RunStateSchema,
  model: z.string().nullable(),
  usage: UsageSchema,
  costUsd: CostSchema,
  error: ErrorBodySchema.nullable(),
  /** Of what looks like a key, only that it was there. */
  records: z.array(ReceiptRecordSchema),
  /** The last of the chain: whoever keeps it can tell whether anything was changed. */
  hash: z.string().length(64),
})
export type Receipt = z.infer<typeof ReceiptSchema>

const tags = ['receipts']

export const receipts = {
  get: oc.route({ method: 'GET', path: '/runs/{id}/receipt', tags, summary: 'What a run did, as one document chained by hash: inputs, model calls, tool calls, approvals, cost, outcome' })
    .input(z.object({ id: IdSchema })).output(ReceiptSchema),
  verify: oc.route({ method: 'POST', path: '/receipts/verify', tags, summary: 'Whether a receipt is as it was made; else the first record that is not' })
    .input(ReceiptSchema).output(z.object({ valid: z.boolean(), firstChanged: z.number().int().nullable() })),
}
