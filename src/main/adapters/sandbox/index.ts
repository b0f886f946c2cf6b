export { createSandbox, noSandbox } from './create-sandbox'
export type { SandboxOptions } from './sandbox'
