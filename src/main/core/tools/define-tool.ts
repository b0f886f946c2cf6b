import { z } from 'zod'
import { AppError } from '../errors'
import type { Tool, ToolDefinition } from './tool'

const DEFAULT_TIMEOUT_MS = 30_000

/** Turns a typed definition into a tool: arguments are parsed strictly, unknown keys are refused, nothing is altered. */
export function defineTool<Input extends z.ZodType, Fingerprint extends z.ZodType = z.ZodNever>(
  definition: ToolDefinition<Input, Fingerprint>,
): Tool {
  const { reconcile } = definition
  return {
    name: definition.name,
    description: definition.description,
    capability: definition.capability,
    readOnly: definition.readOnly,
    timeoutMs: definition.timeoutMs === undefined ? DEFAULT_TIMEOUT_MS : definition.timeoutMs,
    ...(definition.needs && { needs: definition.needs }),
    ...(definition.sideBySide && { sideBySide: true }),
    ...(definition.repeatable && { repeatable: true }),
    ...(definition.untrusted && { untrusted: true }),
    ...(definition.sends && { sends: true }),
    parameters: z.toJSONSchema(definition.input),
    prepare: async (input, context) => definition.prepare(parseArguments(definition, input), context),
    ...(reconcile && {
      reconcile: async (fingerprint, context) => {
        const parsed = reconcile.fingerprint.safeParse(fingerprint)
        return parsed.success ? reconcile.judge(parsed.data, context) : 'unknown'
      },
    }),
  }
}

function parseArguments<Input extends z.ZodType>(definition: { name: string; input: Input }, input: unknown): z.output<Input> {
  const parsed = definition.input.safeParse(input)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map((issue) => (issue.path.length > 0 ? `${issue.path.join('.')}: ${issue.message}` : issue.message))
  throw new AppError('INVALID_PARAMETERS', `Invalid parameters for ${definition.name}: ${problems.join('; ')}`)
}
