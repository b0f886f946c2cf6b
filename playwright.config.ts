import { defineConfig, devices } from '@playwright/test'

const chromium = {
  ...devices['Desktop Chrome'],
  launchOptions: {
    executablePath: process.env.TRESTLE_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  },
}

/** Every test starts its own host in a fresh profile (a fixture), so there is no shared web server. */
export default defineConfig({
  testDir: 'e2e',
  workers: 2,
  // One more try, in a fresh profile, and traced: a race shows as such, and `npm test` names every test that needed it.
  retries: 1,
  forbidOnly: true,
  timeout: 120_000,
  reporter: 'line',
  use: { trace: 'on-first-retry', screenshot: 'only-on-failure' },
  projects: [
    {
      name: 'browser',
      testIgnore: ['**/e2e/desktop/**', '**/e2e/screenshots/**'],
      use: chromium,
    },
    // `npm run screenshots`: the pictures in docs/screenshots are what the window is compared with.
    {
      name: 'screenshots',
      testDir: 'e2e/screenshots',
      snapshotPathTemplate: 'docs/screenshots/{arg}{ext}',
      use: { ...chromium, deviceScaleFactor: 1 },
    },
    { name: 'desktop', testDir: 'e2e/desktop' },
  ],
})
