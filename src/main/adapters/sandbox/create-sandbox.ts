import { AppError } from '#core/errors'
import type { Sandbox } from '#core/ports/sandbox'
import { createMacSandbox } from './mac-sandbox'
import { createLinuxSandbox, type SandboxOptions } from './sandbox'

/** That of the operating system; one that is always off where there is none. */
export function createSandbox(options: SandboxOptions, platform: NodeJS.Platform = process.platform): Sandbox {
  if (platform === 'linux') return createLinuxSandbox(options)
  if (platform === 'darwin') return createMacSandbox(options)
  return noSandbox('Windows has none that Trestle can use.')
}

export function noSandbox(why: string): Sandbox {
  const status = { state: 'off', kind: null, network: false, why } as const
  return {
    status: () => status,
    look: () => Promise.resolve(status),
    confine: () => Promise.reject(new AppError('SERVICE_UNAVAILABLE', `The command could not be confined: ${why} It did not run.`)),
    tidy: () => Promise.resolve(),
  }
}
