import type { McpClients } from '#core/ports/mcp-client'
import type { McpOptions } from './options'

export type { McpOptions } from './options'

/** Over the official SDK, which is loaded with the first connection. */
export function createMcpClients(options: McpOptions): McpClients {
  return {
    confinement: () => {
      const { state, why } = options.sandbox.status()
      return { on: state === 'on', why }
    },
    connect: async (...args) => (await import('./connect')).connect(options, ...args),
    signIn: async (...args) => (await import('./oauth')).beginSignIn(options, ...args),
  }
}
