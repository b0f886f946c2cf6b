export { createTextSearch } from './text-search'
