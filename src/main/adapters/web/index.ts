export { createReadability } from './readable'
export { createWebClient } from './web-client'
export { createWebSearch } from './web-search'
