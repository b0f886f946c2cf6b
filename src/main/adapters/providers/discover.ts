import { z } from 'zod'
import type { DiscoverLocalServers } from '#core/ports/model-provider'
import { isChatModel } from './model-list'

export interface LocalCandidate {
  readonly name: string
  readonly port: number
}

/** Where model servers listen unless told otherwise. */
export const usualLocalServers: readonly LocalCandidate[] = [
  { name: 'Ollama', port: 11434 },
  { name: 'LM Studio', port: 1234 },
  { name: 'llama.cpp', port: 8080 },
  { name: 'vLLM', port: 8000 },
  { name: 'Jan', port: 1337 },
]

const ModelListSchema = z.object({
  data: z.array(z.object({ id: z.string().min(1).max(200), owned_by: z.string().nullish().catch(null) })).max(10_000),
})

const nameByOwner: Readonly<Record<string, string>> = { llamacpp: 'llama.cpp', vllm: 'vLLM', library: 'Ollama' }
const maxAnswerBytes = 2_000_000
const maxModels = 200

export interface DiscoverOptions {
  readonly candidates?: readonly LocalCandidate[]
  /** Ports that are not asked: our own. Read at each search. */
  readonly excludePorts?: () => readonly number[]
  readonly timeoutMs?: number
}

/** Looks on loopback only, at all candidates at once. Whatever does not answer with a model list is not there. */
export function createDiscoverLocalServers(options: DiscoverOptions = {}): DiscoverLocalServers {
  const { candidates = usualLocalServers, excludePorts = () => [], timeoutMs = 1000 } = options
  return async () => {
    const excluded = new Set(excludePorts())
    const found = await Promise.all(candidates.filter(({ port }) => !excluded.has(port)).map((candidate) => ask(candidate, timeoutMs)))
    return found.filter((server) => server !== null)
  }
}

async function ask({ name, port }: LocalCandidate, timeoutMs: number) {
  const baseUrl = `http://127.0.0.1:${port}/v1`
  try {
    const response = await fetch(`${baseUrl}/models`, {
      headers: { accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const text = response.ok ? await readText(response) : null
    if (text === null) {
      await response.body?.cancel()
      return null
    }
    const list = ModelListSchema.safeParse(JSON.parse(text))
    if (!list.success) return null
    const models = list.data.data
    const owner = models[0]?.owned_by ?? ''
    return {
      name: nameByOwner[owner] ?? name,
      baseUrl,
      models: models.map((model) => model.id).filter(isChatModel).slice(0, maxModels),
    }
  } catch {
    return null
  }
}

/** Null when it is longer than a model list can be. */
async function readText(response: Response): Promise<string | null> {
  if (response.body === null) return null
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of response.body) {
    bytes += chunk.byteLength
    if (bytes > maxAnswerBytes) return null
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}
