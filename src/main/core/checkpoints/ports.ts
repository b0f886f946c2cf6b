import type { CheckpointSettings } from '#contract/settings'
import type { Audit } from '../audit/audit-log'
import type { EventStream } from '../events/event-stream'
import type { Snapshots } from '../ports/snapshots'
import type { Store } from '../ports/store'
import type { Clock, Logger, NewId } from '../ports/system'
import type { RevisionParts } from './parts'

export interface CheckpointPorts {
  readonly store: Store
  readonly events: EventStream
  readonly audit: Audit
  readonly snapshots: Snapshots
  readonly parts: RevisionParts
  readonly clock: Clock
  readonly newId: NewId
  readonly logger: Logger
  readonly settings: () => CheckpointSettings
  /** Where the copy of a folder goes; in the profile, absolute. */
  readonly scratchFolder: (branchId: string) => string
}
