import type { RuntimePorts } from '../main/runtime/create-runtime'

/** For tests whose workspace has no files. */
export function noFileTools(): Pick<RuntimePorts, 'fileSearch' | 'folderIndex' | 'gitStatus' | 'terminalProcesses'> {
  return {
    folderIndex: {
      list: (_root, path) => Promise.resolve({ path, entries: [], truncated: false }),
      find: () => Promise.resolve({ items: [], matching: 0, total: 0, listed: true, truncated: false }),
      watch: () => () => undefined,
      close: () => Promise.resolve(),
    },
    fileSearch: { run: () => Promise.resolve(), replacements: () => Promise.resolve([]) },
    terminalProcesses: { start: () => Promise.reject(new Error('no terminals here')) },
    gitStatus: { read: () => Promise.resolve(null), readCommitted: () => Promise.resolve(new Map()) },
  }
}
