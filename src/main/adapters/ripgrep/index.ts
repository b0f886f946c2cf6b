export { createFileSearch } from './file-search'
export { createTextSearch } from './text-search'
