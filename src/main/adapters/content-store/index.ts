export { createContentStore, type ContentStoreOptions } from './content-store'
