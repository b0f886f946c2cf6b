import type { RuntimePorts } from '../main/runtime/create-runtime'

/** For tests that ask nothing of the web, nor of servers. */
export const noWeb: Pick<RuntimePorts, 'web' | 'webSearch' | 'mcpClients'> = {
  web: { get: () => Promise.reject(new Error('no web here')) },
  webSearch: { find: () => Promise.resolve([]) },
  mcpClients: { confinement: () => ({ on: false, why: 'none here' }), connect: () => Promise.reject(new Error('no servers here')), signIn: () => Promise.reject(new Error('no servers here')) },
}
