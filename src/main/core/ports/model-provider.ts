import type { Attachment } from '#contract/attachments'
import type { Usage } from '#contract/common'
import type { Thinking, ToolCall } from '#contract/entries'
import type { Model } from '#contract/models'
import type { AppError } from '../errors'
import type { Embedder } from './embedder'

/** A message as every provider understands it; adapters turn it into theirs. */
export type ModelMessage =
  | {
      readonly role: 'user'
      readonly text: string
      /** Still to be put into text and images; a provider sees none. */
      readonly attachments?: readonly Attachment[]
      readonly images?: readonly ModelImage[]
    }
  | {
      readonly role: 'assistant'
      readonly text: string
      readonly toolCalls: readonly ToolCall[]
      /** Empty unless this provider made it. */
      readonly thinking: readonly Thinking[]
    }
  | { readonly role: 'tool'; readonly callId: string; readonly toolName: string; readonly content: string; readonly isError: boolean }

export interface ModelImage {
  readonly mimeType: string
  readonly base64: string
  readonly name: string
}

export interface ToolSpec {
  readonly name: string
  readonly description: string
  /** JSON Schema (draft 2020-12) of the arguments: an object. */
  readonly parameters: Readonly<Record<string, unknown>>
}

export interface ModelRequest {
  /** Without the provider part. */
  readonly model: string
  readonly system: string
  readonly messages: readonly ModelMessage[]
  readonly tools: readonly ToolSpec[]
  /** Cap of the answer, in tokens. */
  readonly maxOutputTokens: number
  /** Whether the model supports reasoning and we would like to see it. */
  readonly thinking: boolean
  /** What looks like keys and may be sent all the same, as a person decided. Everything else that does is left out. */
  readonly allowedSecrets?: ReadonlySet<string>
}

export type FinishReason = 'stop' | 'tool_calls' | 'length' | 'content_filter'

/**
 * What a call streams. It ends with exactly one of `done`, `error` and `aborted`, and never throws.
 * Tool calls come only with `done`, complete: a stream that was cut gives none.
 */
export type ModelEvent =
  | { readonly type: 'text'; readonly delta: string }
  | { readonly type: 'thinking'; readonly delta: string }
  /** A tool call is being written: for showing, not for running. */
  | { readonly type: 'tool_call'; readonly name: string }
  | {
      readonly type: 'done'
      readonly text: string
      readonly thinking: readonly Thinking[]
      readonly toolCalls: readonly ToolCall[]
      readonly finishReason: FinishReason
      /** Null when the provider reported none. */
      readonly usage: Usage | null
    }
  | { readonly type: 'error'; readonly error: AppError }
  | { readonly type: 'aborted' }

export interface ModelProvider {
  stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent>
  /** Throws AppError. */
  listModels(signal: AbortSignal): Promise<readonly Model[]>
  /** Left out where it has no models that turn text into vectors. */
  readonly embedder?: (model: string) => Embedder
}

export type ProviderKind = 'openai' | 'anthropic' | 'compatible' | 'demo'
export interface ProviderConfig {
  readonly id: string
  readonly kind: ProviderKind
  readonly baseUrl: string | null
  readonly apiKey: string | null
}

/** Makes the client of a provider. May load its SDK on first use. */
export type CreateProvider = (config: ProviderConfig) => Promise<ModelProvider>

/** Starts, once, the scripted model of the demo on loopback. */
export interface DemoServer {
  /** Its base URL. */
  start(): Promise<string>
  stop(): Promise<void>
}

/** Model servers that run on this machine. Never throws: what does not answer within a second is not there. */
export type DiscoverLocalServers = () => Promise<readonly { readonly name: string; readonly baseUrl: string; readonly models: readonly string[] }[]>

/** Models that are known without asking a provider, with their windows and prices. */
export type BuiltinModels = (kind: ProviderKind) => readonly Model[]
