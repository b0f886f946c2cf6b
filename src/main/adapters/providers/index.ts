export { builtinModels } from './catalogue'
export { createProvider } from './create-provider'
export { createDiscoverLocalServers, usualLocalServers, type DiscoverOptions, type LocalCandidate } from './discover'
