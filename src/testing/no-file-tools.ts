import { noSandbox } from '../main/adapters/sandbox'
import type { RuntimePorts } from '../main/runtime/create-runtime'

/** For tests whose workspace has no files, and for commands that nothing confines. */
export function noFileTools(): Pick<RuntimePorts, 'fileSearch' | 'folderIndex' | 'gitStatus' | 'sandbox' | 'terminalProcesses'> {
  return {
    folderIndex: {
      list: (_root, path) => Promise.resolve({ path, entries: [], truncated: false }),
      find: () => Promise.resolve({ items: [], matching: 0, total: 0, listed: true, truncated: false }),
      watch: () => () => undefined,
      close: () => Promise.resolve(),
    },
    sandbox: noSandbox('There is none in this test.'),
    fileSearch: { run: () => Promise.resolve(), replacements: () => Promise.resolve([]) },
    terminalProcesses: { start: () => Promise.reject(new Error('no terminals here')) },
    gitStatus: { read: () => Promise.resolve(null), readCommitted: () => Promise.resolve(new Map()) },
  }
}
