import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bundleForNode } from '../../../testing/bundle-for-node'

/** The suite of the protocol's makers, with our adapter as the client. All of it by `TRESTLE_CONFORMANCE=all`, see CONTRIBUTING. */
const some = ['initialize', 'tools_call', 'elicitation-sep1034-client-defaults', 'auth/metadata-default', 'auth/token-endpoint-auth-none']
const more = [
  'sse-retry', 'auth/metadata-var1', 'auth/metadata-var2', 'auth/metadata-var3', 'auth/scope-from-www-authenticate', 'auth/scope-from-scopes-supported',
  'auth/scope-omitted-when-undefined', 'auth/token-endpoint-auth-basic', 'auth/token-endpoint-auth-post', 'auth/2025-03-26-oauth-metadata-backcompat', 'auth/2025-03-26-oauth-endpoint-fallback',
]
const scenarios = process.env['TRESTLE_CONFORMANCE'] === 'all' ? [...some, ...more] : some
const bench = { program: '', folder: '' }

beforeAll(async () => {
  bench.folder = mkdtempSync(join(tmpdir(), 'trestle-conformance-out-'))
  bench.program = await bundleForNode('src/testing/conformance-client.ts', 'conformance-client')
}, 60_000)
afterAll(() => rmSync(bench.folder, { recursive: true, force: true }))

it.each(scenarios)('%s', async (scenario) => {
  const suite = resolve('node_modules/@modelcontextprotocol/conformance/dist/index.js')
  const { code, output } = await new Promise<{ code: number; output: string }>((done) => {
    execFile(process.execPath, [suite, 'client', '--command', `${process.execPath} ${bench.program}`, '--scenario', scenario, '--output-dir', bench.folder], { timeout: 60_000 }, (error, stdout, stderr) => {
      done({ code: error === null ? 0 : 1, output: `${stdout}\n${stderr}` })
    })
  })
  expect(code, output.slice(-3000)).toBe(0)
}, 60_000)
