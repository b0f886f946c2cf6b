import type { RuntimePorts } from '../main/runtime/create-runtime'

/** For tests that ask nothing of the web. */
export const noWeb: Pick<RuntimePorts, 'web' | 'webSearch'> = {
  web: { get: () => Promise.reject(new Error('no web here')) },
  webSearch: { find: () => Promise.resolve([]) },
}
