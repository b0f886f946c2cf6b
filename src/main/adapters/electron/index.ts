export { createFolderPicker } from './folder-picker'
export { openSafeStorage, type SafeStorage } from './safe-storage'
