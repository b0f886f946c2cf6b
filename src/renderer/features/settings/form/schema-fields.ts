import { z } from 'zod'

/** One setting, as its schema describes it. */
export type SchemaField = {
  readonly key: string
  readonly title: string
  readonly description: string | null
  /** An empty field means null. */
  readonly nullable: boolean
} & (
  | { readonly kind: 'boolean' }
  | { readonly kind: 'choice'; readonly choices: readonly { readonly value: string; readonly label: string }[] }
  | { readonly kind: 'number'; readonly integer: boolean; readonly min: number | null; readonly max: number | null; readonly aboveMin: boolean }
  | { readonly kind: 'text'; readonly long: boolean }
  /** A combination of keys. */
  | { readonly kind: 'keys' }
  /** A list of texts, one in a line. */
  | { readonly kind: 'list' }
)

const NodeSchema = z.object({
  type: z.string().optional(),
  enum: z.array(z.string()).optional(),
  anyOf: z.array(z.unknown()).optional(),
  title: z.string().optional(),
  description: z.string().optional(),
  choices: z.record(z.string(), z.string()).optional(),
  keys: z.boolean().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  /** Takes several lines. */
  long: z.boolean().optional(),
})
type Node = z.infer<typeof NodeSchema>
const ObjectSchema = z.object({ properties: z.record(z.string(), z.unknown()) })

/** The fields of a form for an object schema: those with a title, in its order. */
export function schemaFields(schema: z.ZodObject): readonly SchemaField[] {
  const { properties } = ObjectSchema.parse(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }))
  return Object.entries(properties).flatMap(([key, property]) => {
    const field = fieldOf(key, NodeSchema.parse(property))
    return field === null ? [] : [field]
  })
}

function fieldOf(key: string, node: Node): SchemaField | null {
  if (node.title === undefined) return null
  const options = (node.anyOf ?? []).map((option) => NodeSchema.parse(option))
  const nullable = options.some(({ type }) => type === 'null')
  const { type, enum: values, minimum, maximum, exclusiveMinimum } = options.find((option) => option.type !== 'null') ?? node
  const base = { key, title: node.title, description: node.description ?? null, nullable }
  if (values !== undefined) return { ...base, kind: 'choice', choices: values.map((value) => ({ value, label: node.choices?.[value] ?? value })) }
  switch (type) {
    case 'boolean': return { ...base, kind: 'boolean' }
    case 'integer':
    case 'number':
      return { ...base, kind: 'number', integer: type === 'integer', min: bound(minimum ?? exclusiveMinimum), max: bound(maximum), aboveMin: minimum === undefined }
    case 'string': return node.keys === true ? { ...base, kind: 'keys' } : { ...base, kind: 'text', long: node.long === true }
    case 'array': return { ...base, kind: 'list' }
    default: return null
  }
}

/** The range of safe integers is no range that a person set. */
function bound(value: number | undefined): number | null {
  return value === undefined || Math.abs(value) >= Number.MAX_SAFE_INTEGER ? null : value
}

/** What the text of a field stands for. */
export function fieldValue(field: SchemaField, text: string): unknown {
  if (text.trim() === '' && field.nullable) return null
  if (field.kind === 'list') return text.split('\n').map((line) => line.trim()).filter((line) => line !== '')
  return field.kind === 'number' ? (text.trim() === '' ? Number.NaN : Number(text)) : text.trim()
}

/** Why a text is no value for the field, in words; null when it is one. */
export function fieldProblem(field: SchemaField, schema: z.ZodObject, text: string): string | null {
  const result = schema.shape[field.key]
  if (result === undefined || z.safeParse(result, fieldValue(field, text)).success) return null
  if (field.kind !== 'number') return z.safeParse(result, fieldValue(field, text)).error?.issues[0]?.message ?? 'This does not fit here.'
  const { min, max, integer, aboveMin } = field
  const what = integer ? 'A whole number' : 'A number'
  const low = min === null ? '' : aboveMin ? ` above ${min.toLocaleString('en')}` : ` from ${min.toLocaleString('en')}`
  return `${what}${low}${max === null ? '' : ` up to ${max.toLocaleString('en')}`}. The old one still counts.`
}
