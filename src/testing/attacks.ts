import type { TestContext } from 'vitest'

/** How many cases of a family of attacks are tried: some in every run of the tests, all with TRESTLE_ATTACKS=full. */
export function attacks(usual: number, full: number): number {
  return process.env['TRESTLE_ATTACKS'] === 'full' ? full : usual
}

/** Tells the summary of `npm test` how many cases of a family the test has tried. Called at its end: a test that failed proves nothing. */
export function proved({ task }: Pick<TestContext, 'task'>, family: string, cases: number): void {
  Object.assign(task.meta, { proved: { family, cases } })
}
