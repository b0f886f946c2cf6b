import { expect as base } from '@playwright/test'

/** Waits longer than usual: machines that run the tests are busy, and a passing test never waits this long. */
export const expect = base.configure({ timeout: 30_000 })
