import type { Backup, PendingAction, ProfileData, ProfileExport } from '#contract/data'

/** The profile as files on a disk. */
export interface ProfileFiles {
  look(): Promise<ProfileData>
  /** Throws AppError when none could be made. */
  backUp(): Promise<Backup>
  /** Throws AppError RESOURCE_NOT_FOUND for a backup that is not there. */
  atNextStart(action: PendingAction | null): Promise<void>
  /** `sessions` are lines of JSON, read one by one. Removes what it wrote when it fails. */
  export(sessions: Iterable<string>): Promise<ProfileExport>
}
