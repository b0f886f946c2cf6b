export { createReadability } from './readable'
export { createWebClient } from './web-client'
export { createWebSearch } from './web-search'
export { createGuardedFetch, type GuardedFetch } from './guarded-fetch'
