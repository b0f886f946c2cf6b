export type { Backup } from './backup'
export { type MemoryStore, openMemoryStore } from './memory-store'
export { openStore, type OpenedStore, type OpenStoreOptions } from './open-store'
export { lockProfile } from './profile-lock'
