import type { ReactNode } from 'react'
import type { HumanRequest } from '#contract/human-requests'

/** A tool call in its turn. */
export interface CallPlace {
  readonly runId: string
  readonly callId: string
}

/** What the window around the chat puts into rows. */
export interface MessageSlots {
  /** `onAnswered`: the person decided. */
  readonly renderRequest: (request: HumanRequest, onAnswered: () => void) => ReactNode
  readonly renderTurnActions: (runId: string) => ReactNode
  readonly renderCallActions: (call: CallPlace) => ReactNode
}
