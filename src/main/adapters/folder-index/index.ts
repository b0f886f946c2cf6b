export { createFolderIndex } from './folder-index'
