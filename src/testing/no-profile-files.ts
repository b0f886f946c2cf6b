import type { ProfileFiles } from '#core/ports/profile-data'

/** A profile that is not on a disk. */
export const noProfileFiles: ProfileFiles = {
  look: () => Promise.resolve({ path: '/profile', parts: [], backups: [], pending: null }),
  backUp: () => Promise.reject(new Error('no profile on a disk')),
  atNextStart: () => Promise.resolve(),
  export: () => Promise.reject(new Error('no profile on a disk')),
}
