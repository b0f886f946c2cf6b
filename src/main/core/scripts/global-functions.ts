import type { z } from 'zod'
import { AppError } from '../errors'
import type { InnerResult } from '../tools/tool'

/** What scripts of agents can call: each is a call of one tool, judged as such. */
export interface GlobalFunction {
  readonly name: string
  /** For the model: what it takes and gives. */
  readonly signature: string
  readonly description: string
  readonly tool: string
  /** AppError for what does not fit. `given` is plain JSON. */
  toInput(given: readonly unknown[]): Readonly<Record<string, unknown>>
  /** What the script gets when the call was done; plain JSON. */
  toValue(result: Pick<InnerResult, 'content' | 'details'>, given: readonly unknown[]): unknown
}

interface Definition<Given extends z.ZodType> extends Pick<GlobalFunction, 'name' | 'signature' | 'description' | 'tool'> {
  readonly takes: Given
  readonly toInput: (given: z.output<Given>) => Readonly<Record<string, unknown>>
  /** Left out: the text that the tool returned. */
  readonly toValue?: (result: Pick<InnerResult, 'content' | 'details'>, given: z.output<Given>) => unknown
}

export function defineGlobalFunction<Given extends z.ZodType>({ name, signature, description, tool, takes, ...definition }: Definition<Given>): GlobalFunction {
  const read = (given: readonly unknown[]): z.output<Given> => {
    // What is left out at the end comes as null.
    const parsed = takes.safeParse(given.slice(0, 1 + given.findLastIndex((each) => each !== null)))
    if (parsed.success) return parsed.data
    const [issue] = parsed.error.issues
    throw new AppError('INVALID_PARAMETERS', `${name}: ${issue?.message ?? 'these arguments do not fit'}. It is ${signature}.`)
  }
  return {
    name, signature, description, tool,
    toInput: (given) => definition.toInput(read(given)),
    toValue: (result, given) => (definition.toValue ? definition.toValue(result, read(given)) : result.content),
  }
}

const isName = /^[a-z][A-Za-z0-9]*$/

/** By name. Throws for two of the same name, and for one that could not be called. */
export function registerGlobalFunctions(functions: readonly GlobalFunction[]): ReadonlyMap<string, GlobalFunction> {
  const byName = new Map<string, GlobalFunction>()
  for (const each of functions) {
    if (!isName.test(each.name)) throw new Error(`${each.name} is no name for a global function`)
    if (byName.has(each.name)) throw new Error(`the global function ${each.name} is registered twice`)
    byName.set(each.name, each)
  }
  return byName
}
