import type { MemorySettings } from '#contract/settings'
import type { Embedder } from '../ports/embedder'
import type { Logger } from '../ports/system'
import type { MemoryPorts } from './change-item'

export interface EmbeddingPorts extends MemoryPorts {
  readonly settings: () => MemorySettings
  /** Throws AppError when the model cannot be asked. */
  readonly embedder: (modelId: string) => Promise<Embedder>
  readonly logger: Logger
}

export interface QueryVector {
  readonly model: number
  readonly numbers: Float32Array
}

/** The vector of what is asked; null with the reason in words. Never throws, takes 4 seconds at most. */
export type AskForVector = (text: string) => Promise<{ readonly vector: QueryVector | null; readonly note: string | null }>
