import { vi } from 'vitest'

/** How many random histories a property is tried with; the long run has its time too. */
export function randomRuns(usual: number): number {
  const runs = Number(process.env['TRESTLE_MEMORY_RUNS'] ?? usual)
  vi.setConfig({ testTimeout: 20_000 + runs * 400 })
  return runs
}
