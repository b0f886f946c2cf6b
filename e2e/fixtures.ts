import { test as base, type Page } from '@playwright/test'
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApi, type Api } from './api'
import { createApp, type App } from './app'
import { expect } from './expect'
import { startTestHost, type Host } from './host'
import { startModelScript, type ModelScript } from './model-script'

interface Options {
  /** False: no model is set up, as on the first start of a fresh machine. `no key`: only where its server is. */
  readonly withModel: boolean | 'no key'
  /** The default model, as `provider/model`. */
  readonly modelName: string
  /** False: no folder is open. */
  readonly withWorkspace: boolean
}

interface Fixtures {
  /** Line up replies with `model.reply(…)`. */
  readonly model: ModelScript
  readonly profile: string
  /** A folder with a README.md, open and trusted. */
  readonly workspace: string
  readonly host: Host
  readonly api: Api
  /** What the page complained of: violations of its security policy, errors nobody caught. Must be empty at the end. */
  readonly complaints: string[]
  /** The page of the app, loaded. */
  readonly page: Page
  /** What a person sees and does on that page. */
  readonly app: App
}

export const test = base.extend<Fixtures & Options>({
  withModel: [true, { option: true }],
  modelName: ['openai/test-model', { option: true }],
  withWorkspace: [true, { option: true }],
  model: async ({}, use) => {
    const model = await startModelScript()
    await use(model)
    await model.close()
  },
  profile: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'trestle-e2e-profile-'))
    await use(folder)
    await rm(folder, { recursive: true, force: true })
  },
  workspace: async ({}, use) => {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'trestle-e2e-workspace-')))
    await writeFile(join(folder, 'README.md'), '# A test\n\nHello.\n')
    await use(folder)
    await rm(folder, { recursive: true, force: true })
  },
  host: async ({ model, profile, workspace, withModel, modelName, withWorkspace }, use) => {
    const env: Record<string, string> = {
      HOME: profile,
      ...(withModel === false ? {} : { OPENAI_BASE_URL: model.url }),
      ...(withModel === true ? { OPENAI_API_KEY: 'sk-test', TRESTLE_MODEL: modelName } : {}),
    }
    const host = await startTestHost({ profile, workspace: withWorkspace ? workspace : null, env })
    await use(host)
    await host.stop()
  },
  api: async ({ host }, use) => {
    await use(createApi(() => host.ready))
  },
  complaints: async ({}, use) => {
    const complaints: string[] = []
    await use(complaints)
    expect(complaints).toEqual([])
  },
  page: async ({ page, host, complaints }, use) => {
    watchComplaints(page, complaints)
    await page.goto(host.ready.url)
    await use(page)
  },
  app: async ({ page }, use) => {
    await use(createApp(page))
  },
})

/** Violations of the page's security policy, and errors nobody caught, go to `complaints`. */
export function watchComplaints(page: Page, complaints: string[]): void {
  page.on('console', (message) => {
    if (/content security policy|refused to/i.test(message.text())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
}

/** Takes out what the policy refused inside the sandbox of a diagram: there it is meant to be the last wall, not a fault. */
export function forgiveDiagrams(complaints: string[]): void {
  const others = complaints.filter((text) => !/^Executing inline event handler .* 'script-src 'sha256-/.test(text))
  complaints.splice(0, complaints.length, ...others)
}

export { expect }
