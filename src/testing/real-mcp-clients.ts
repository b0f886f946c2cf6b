import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Sandbox } from '#core/ports/sandbox'
import { createMcpClients, type McpOptions } from '../main/adapters/mcp'
import { endProcesses } from '../main/adapters/node/processes/end-processes'
import { spawnMarked } from '../main/adapters/node/processes/spawn-marked'
import { createNewId, systemClock } from '../main/adapters/node/system'
import { createGuardedFetch } from '../main/adapters/web'
import { noSandbox } from '../main/adapters/sandbox'

export const scriptedServer = join(import.meta.dirname, 'scripted-mcp-server.mjs')

/** The adapter as the app has it: real processes, without a sandbox unless one is given. */
export function realMcpClients(folder: string, options: Partial<McpOptions> & { readonly sandbox?: Sandbox } = {}) {
  return createMcpClients({
    sandbox: noSandbox('There is none in this test.'), folder, version: '0.0.0', fetchFor: ({ host }) => createGuardedFetch({ userAgent: 'Trestle/test', allowed: [host, '127.0.0.1', 'localhost'] }), clock: systemClock, newId: createNewId(), spawn: (program) => spawnMarked(program, { ...process.env, CANARY_KEY: 'canary-51c2' }),
    endTree: (marker, leader) => endProcesses({ marker, leader, clock: systemClock, politely: true }), ...options,
  })
}

/** What has ended and was not yet taken notice of by its parent does not count. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return process.platform !== 'linux' || !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch {
    return false
  }
}
