import { isAppError } from '#core/errors'
import type { ModelProvider, ModelRequest } from '#core/ports/model-provider'
import { toModels } from './model-list'
import type { ProviderOptions } from './provider-options'
import { loadOnce } from './reply/load-once'
import { toProviderError } from './reply/provider-error'
import { type FinishedReply, type ReplyWriter, streamReply } from './reply/reply-stream'

const maxListed = 2000
const listTimeoutMs = 15_000

/** What differs between the SDKs. */
export interface SdkFace<Sdk> {
  readonly load: () => Promise<Sdk>
  readonly read: (sdk: Sdk, request: ModelRequest, writer: ReplyWriter) => Promise<FinishedReply>
  /** Left out where it has no models for it. */
  readonly embed?: (sdk: Sdk, model: string, texts: readonly string[], signal: AbortSignal) => Promise<readonly Float32Array[]>
  readonly list: (sdk: Sdk, options: { readonly signal: AbortSignal; readonly timeout: number }) => AsyncIterable<unknown>
}

/** A provider over an SDK, which is loaded with the first call: replies within limits, failures in our words. */
export function createSdkProvider<Sdk>({ config, face, limits }: ProviderOptions, sdk: SdkFace<Sdk>): ModelProvider {
  const load = loadOnce(face, sdk.load)
  const { embed } = sdk
  return {
    ...(embed && {
      embedder: (model: string) => ({
        embed: async (texts: readonly string[], signal: AbortSignal) => {
          const loaded = await load()
          try {
            return await embed(loaded, model, texts, signal)
          } catch (error) {
            throw isAppError(error) ? error : toProviderError(error, { provider: face, model, answered: false, now: Date.now() })
          }
        },
      }),
    }),
    stream: (request, signal) =>
      streamReply({
        signal,
        limits,
        providerName: face.name,
        read: async (writer) => sdk.read(await load(), request, writer),
        toError: (error, answered) => toProviderError(error, { provider: face, model: request.model, answered, now: Date.now() }),
      }),

    async listModels(signal) {
      const loaded = await load()
      try {
        const listed: unknown[] = []
        for await (const model of sdk.list(loaded, { signal, timeout: listTimeoutMs })) {
          if (listed.push(model) >= maxListed) break
        }
        return toModels(config, listed)
      } catch (error) {
        throw toProviderError(error, { provider: face, model: null, answered: false, now: Date.now() })
      }
    },
  }
}
