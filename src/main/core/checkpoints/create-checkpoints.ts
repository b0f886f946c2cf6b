import { type BranchService, type BranchServicePorts, createBranchService } from './branch-service'
import { type CheckpointService, createCheckpointService } from './checkpoint-service'
import { type Comparer, createComparer } from './compare'
import { createFolderHistory } from './folder-history'
import { createLineCounter } from './line-counter'
import type { CheckpointPorts } from './ports'
import { createRecorder, type Recorder } from './recorder'
import { createRestorer } from './restorer'
import { createStorageService, type StorageService } from './storage-service'
import type { GitStatus } from '../ports/git-status'
import { createUncommitted, type UncommittedService } from './uncommitted'
import { createTurnCheckpoints, type TurnCheckpoints } from './turn-checkpoints'

/** Everything that checkpoints can do. */
export interface Checkpoints {
  readonly service: CheckpointService
  readonly branches: (ends: Pick<BranchServicePorts, 'removeSession' | 'closeTerminals'>) => BranchService
  readonly uncommitted: (git: GitStatus) => UncommittedService
  readonly comparer: Comparer
  readonly recorder: Recorder
  readonly storage: StorageService
  readonly turns: TurnCheckpoints
  /** Before something of ours writes these paths: a first look that is still on its way then has what was there. */
  protect(workspaceId: string, paths: readonly string[]): Promise<void>
  /** Finishes the restores that an earlier process had begun. Before anything else touches files. */
  recover(traceId: string): Promise<void>
  /** Resolves when everything that was begun is recorded; then the store is closed. */
  stop(): Promise<void>
}

export function createCheckpoints(ports: CheckpointPorts): Checkpoints {
  const history = createFolderHistory(ports)
  const recorder = createRecorder(ports)
  const lines = createLineCounter({ ...ports, recorder })
  const shared = { ...ports, history, recorder, lines }
  const restorer = createRestorer(shared)
  const comparer = createComparer(shared)
  const turns = createTurnCheckpoints(shared)
  const storage = createStorageService(shared)
  return {
    service: createCheckpointService({ ...shared, restorer, comparer }),
    uncommitted: (git) => createUncommitted({ ...shared, restorer, comparer }, git),
    branches: (ends) => createBranchService({ ...shared, restorer, comparer, ...ends }),
    comparer, recorder, storage, turns,
    protect: (workspaceId, paths) => history.protect(workspaceId, paths),
    recover: (traceId) => restorer.recover(traceId),
    stop: async () => {
      await turns.idle()
      await storage.idle()
      await history.idle()
      await ports.snapshots.close()
    },
  }
}
