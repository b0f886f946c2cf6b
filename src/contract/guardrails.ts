import { z } from 'zod'
import { IdSchema } from './common'

/** `warn`: it is told and recorded. `ask`: the run waits for a person. `stop`: the run ends; of a tool call, only the call is refused. */
export const PolicyActionSchema = z.enum(['warn', 'ask', 'stop'])
export type PolicyAction = z.infer<typeof PolicyActionSchema>

export const PolicySchema = z.object({
  id: IdSchema,
  name: z.string().trim().min(1).max(100),
  enabled: z.boolean().default(true),
  /** What is looked at: the message that begins a turn, what the model answers, the arguments of its calls. */
  on: z.array(z.enum(['prompt', 'reply', 'tool'])).min(1).max(3),
  /** Of calls: only those of this tool; null: of every tool. */
  tool: z.string().trim().min(1).max(200).nullable().default(null),
  /** One of them is enough. `*` stands for anything within a line; capitals make no difference. */
  patterns: z.array(z.string().trim().min(2).max(500).refine((text) => text.replaceAll('*', '').trim().length >= 2, 'at least two letters besides *')).min(1).max(50),
  action: PolicyActionSchema,
})
export type Policy = z.infer<typeof PolicySchema>

const most = (count: number | null) => z.number().int().min(1).max(100_000).nullable().default(count)

export const TripwireSettingsSchema = z.object({
  callsPerMinute: most(null).meta({ title: 'Calls in a minute', description: 'More than this of one run. Empty: no limit.' }),
  deletesPerMinute: most(20).meta({ title: 'Files deleted in a minute', description: 'More than this of one run. Empty: no limit.' }),
  refusedInARow: most(10).meta({ title: 'Refused calls in a row', description: 'So many, with none allowed in between. Empty: no limit.' }),
  failedInARow: most(15).meta({ title: 'Failed calls in a row', description: 'So many, with none that worked in between. Empty: no limit.' }),
  unusual: z.number().min(1).max(100).nullable().default(6)
    .meta({ title: 'Far above what is usual', description: 'The busiest minute is more than so many standard deviations above those of earlier runs in the folder, once ten are known. Empty: not looked at.' }),
  action: z.enum(['warn', 'pause', 'stop']).default('pause')
    .meta({ title: 'Then', choices: { warn: 'Say so and go on', pause: 'Wait for me', stop: 'Stop the run' } }),
})
export type TripwireSettings = z.infer<typeof TripwireSettingsSchema>

export const GuardrailSettingsSchema = z.object({
  policies: z.array(PolicySchema).max(100).default([]),
  tripwires: TripwireSettingsSchema.default(TripwireSettingsSchema.parse({})),
})
export type GuardrailSettings = z.infer<typeof GuardrailSettingsSchema>

/** What a policy or a tripwire found in a run, and what came of it. */
export const GuardrailHitSchema = z.object({
  /** The policy by its id, or the tripwire by its name. */
  rail: z.string().max(100),
  /** What it looked at: an entry; of a tripwire, the last one before it. */
  entryId: IdSchema,
  on: z.enum(['prompt', 'reply', 'tool', 'run']),
  /** In plain words. */
  why: z.string().max(1000),
  outcome: z.enum(['warned', 'allowed', 'stopped']),
})
export type GuardrailHit = z.infer<typeof GuardrailHitSchema>
