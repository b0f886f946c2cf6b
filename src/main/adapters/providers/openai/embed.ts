import type OpenAI from 'openai'
import { AppError } from '#core/errors'

/** The vectors of texts, in their order. Throws AppError where one is missing or of another length than the others. */
export async function embed(client: OpenAI, model: string, texts: readonly string[], signal: AbortSignal): Promise<Float32Array[]> {
  // As numbers: not every server has the shorter form that the SDK asks for by itself.
  const { data } = await client.embeddings.create({ model, input: [...texts], encoding_format: 'float' }, { signal })
  const vectors = [...data].sort((left, right) => left.index - right.index).map(({ embedding }) => Float32Array.from(embedding))
  const length = vectors[0]?.length ?? 0
  if (vectors.length !== texts.length || length === 0 || vectors.some((vector) => vector.length !== length || !vector.every(Number.isFinite))) {
    throw new AppError('PROVIDER_REJECTED', `The embedding model ${model} gave ${vectors.length} vectors for ${texts.length} texts, or some that do not fit.`)
  }
  return vectors
}
