/** The parts of a chunk that we read, as compatible servers really send them. */
export interface Chunk {
  readonly choices?: readonly Choice[] | null
  readonly usage?: WireUsage | null
}

export interface Choice {
  readonly delta?: Delta | null
  /** Instead of `delta`, from servers that answer whole although a stream was asked for. */
  readonly message?: Delta | null
  readonly finish_reason?: string | null
}

export interface Delta {
  readonly content?: string | null
  readonly refusal?: string | null
  readonly reasoning_content?: string | null
  readonly reasoning?: string | null
  readonly tool_calls?: readonly WireToolCall[] | null
}

export interface WireToolCall {
  readonly index?: number | null
  readonly id?: string | null
  readonly function?: { readonly name?: string | null; readonly arguments?: string | object | null } | null
}

export interface WireUsage {
  readonly prompt_tokens?: number | null
  readonly completion_tokens?: number | null
  readonly total_tokens?: number | null
  readonly prompt_tokens_details?: { readonly cached_tokens?: number | null } | null
  /** DeepSeek. */
  readonly prompt_cache_hit_tokens?: number | null
}
