import { z } from 'zod'
import type { Model } from '#contract/models'
import type { ProviderKind } from '#core/ports/model-provider'
import data from '../../../../resources/models.json'

const BuiltinSchema = z.object({
  id: z.string(),
  name: z.string(),
  contextWindow: z.number().int().positive(),
  maxOutputTokens: z.number().int().positive(),
  /** US dollars per million tokens: input, output, input read from the cache. */
  price: z.tuple([z.number(), z.number(), z.number()]),
  /** Whether it takes tools in the interface we use. */
  tools: z.boolean().default(true),
  thinking: z.boolean().default(true),
  images: z.boolean().default(true),
  /** Of Anthropic's models: those that want a number of tokens to think with. */
  thinkingBudget: z.boolean().default(false),
})
type Builtin = z.infer<typeof BuiltinSchema>

const listed = z.array(BuiltinSchema)
const catalogue = z.object({ openai: listed, anthropic: listed, demo: listed }).parse(data)
type Known = keyof typeof catalogue

/** The models that we know without asking; none of compatible servers. `available` is for the caller to judge. */
export function builtinModels(kind: string): readonly Model[] {
  return isKnown(kind) ? catalogue[kind].map((builtin) => toModel(kind, builtin)) : []
}

/** Dated snapshots (`-2026-04-23`, `-20251001`, `-latest`) are known by the name they are snapshots of. */
export function findBuiltin(kind: ProviderKind, id: string): Model | null {
  const builtin = isKnown(kind) ? find(kind, id) : undefined
  return builtin === undefined ? null : toModel(kind, builtin)
}

export function thinkingStyleOf(anthropicModel: string): 'adaptive' | 'budget' {
  return find('anthropic', anthropicModel)?.thinkingBudget === true ? 'budget' : 'adaptive'
}

function isKnown(kind: string): kind is Known {
  return Object.hasOwn(catalogue, kind)
}

function find(kind: Known, id: string): Builtin | undefined {
  const undated = id.replace(/-(\d{4}-\d{2}-\d{2}|\d{8}|latest)$/, '')
  return catalogue[kind].find((builtin) => builtin.id === id) ?? catalogue[kind].find((builtin) => builtin.id === undated)
}

function toModel(provider: string, builtin: Builtin): Model {
  const [input, output, cachedInput] = builtin.price
  return {
    id: `${provider}/${builtin.id}`,
    provider,
    name: builtin.name,
    contextWindow: builtin.contextWindow,
    maxOutputTokens: builtin.maxOutputTokens,
    price: { input, output, cachedInput },
    tools: builtin.tools,
    thinking: builtin.thinking,
    images: builtin.images,
    available: true,
  }
}
