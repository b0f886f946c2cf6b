import { createPartSplitter, type TextPart } from '../../components/markdown/split'
import type { DeltaStore } from '../../lib/delta-store'

/** The reply that is being written, in parts. All but the last one never change. */
export interface LiveParts {
  parts(): readonly TextPart[]
  subscribe(listener: () => void): () => void
}

export function createLiveParts(deltas: Pick<DeltaStore, 'get' | 'subscribe'>, stepId: string): LiveParts {
  const splitter = createPartSplitter()
  const state: { text: string; parts: readonly TextPart[] } = { text: '', parts: [{ start: 0, text: '', prefix: '' }] }
  return {
    parts: () => {
      const { text } = deltas.get(stepId, 'text')
      // Once the whole message is on record its stream is let go; until that is shown, what was there stays.
      if (text !== state.text && text !== '') {
        state.text = text
        state.parts = splitter.update(text)
      }
      return state.parts
    },
    subscribe: (listener) => deltas.subscribe(stepId, 'text', listener),
  }
}
