import type { ProviderConfig } from '#core/ports/model-provider'
import type { ProviderFace } from './reply/provider-error'
import type { ReplyLimits } from './reply/reply-stream'

/** What a provider's client is made from. */
export interface ProviderOptions {
  readonly config: ProviderConfig
  readonly face: ProviderFace
  readonly baseUrl: string
  readonly limits: ReplyLimits
}
