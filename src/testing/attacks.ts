import type { TestContext } from 'vitest'

/** How many cases of a family of attacks are tried: some in every run of the tests, all with TRESTLE_ATTACKS=full. */
export function attacks(usual: number, full: number): number {
  return process.env['TRESTLE_ATTACKS'] === 'full' ? full : usual
}

/** Of the long run a part, where TRESTLE_ATTACKS_PART says which: `2/4` takes every fourth case from the second on. */
export function partOf<T>(cases: readonly T[]): readonly T[] {
  const [, part, of] = /^([1-9]\d*)\/([1-9]\d*)$/.exec(process.env['TRESTLE_ATTACKS_PART'] ?? '') ?? []
  return part === undefined || of === undefined ? cases : cases.filter((_case, index) => index % Number(of) === Number(part) - 1)
}

/** Tells the summary of `npm test` how many cases of a family the test has tried. Called at its end: a test that failed proves nothing. */
export function proved({ task }: Pick<TestContext, 'task'>, family: string, cases: number): void {
  Object.assign(task.meta, { proved: { family, cases } })
}
