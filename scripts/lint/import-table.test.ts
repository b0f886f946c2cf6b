import { copyFile, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import { afterAll, beforeAll, expect, test } from 'vitest'
import config from '../../.dependency-cruiser.mjs'

/** Files of a small tree, each with the imports it makes. Everything in the first is fine. */
const allowed: Record<string, readonly string[]> = {
  'src/contract/index.ts': ['zod', '@orpc/contract'],
  'src/contract/common.ts': ['zod'],
  'src/main/core/rules.ts': ['#contract', '#contract/common', 'picomatch', './errors'],
  'src/main/core/errors.ts': ['zod'],
  'src/main/core/rules.test.ts': ['vitest', 'fast-check', 'node:fs', '../../testing/clock', '../adapters/node/files'],
  'src/main/adapters/node/files.ts': ['node:fs', '#core/errors', 'pino'],
  'src/main/adapters/node/testing/scratch.ts': ['vitest', '../files', 'node:os'],
  'src/main/adapters/electron/secrets.ts': ['electron'],
  'src/main/runtime/runtime.ts': ['#contract', '#core/errors', '@orpc/server'],
  'src/main/hosts/shared/calls.ts': ['#contract', '@orpc/server'],
  'src/main/hosts/electron/index.ts': ['electron', '../shared/calls', '../../adapters/electron/secrets'],
  'src/main/hosts/headless/cli.ts': ['ws', '../shared/calls', '../../runtime/runtime', '../../adapters/node/files'],
  'src/preload/index.ts': ['electron'],
  'src/testing/clock.ts': ['#core/errors'],
  'src/renderer/main.tsx': ['./app/shell'],
  'src/renderer/app/shell.ts': ['react', '../features/chat/chat', '../features/tasks/tasks'],
  'src/renderer/features/chat/chat.ts': ['react', '../../lib/client', '../../components/button'],
  'src/renderer/features/tasks/tasks.ts': ['zustand'],
  'src/renderer/lib/client.ts': ['@orpc/client', '#contract'],
  'src/renderer/components/button.ts': ['radix-ui', '../lib/client'],
}

/** Each of these breaks exactly one line of the table or one rule. */
const forbidden: readonly (readonly [file: string, imported: string, rule: string])[] = [
  ['src/contract/reaches-core.ts', '#core/errors', 'not-in-allowed'],
  ['src/main/core/reaches-node.ts', 'node:fs', 'not-in-allowed'],
  ['src/main/core/reaches-sdk.ts', 'openai', 'not-in-allowed'],
  ['src/main/core/reaches-adapter.ts', '../adapters/node/files', 'not-in-allowed'],
  ['src/main/core/reaches-testing.ts', '../../testing/clock', 'not-in-allowed'],
  ['src/main/adapters/node/reaches-electron.ts', 'electron', 'not-in-allowed'],
  ['src/main/adapters/node/reaches-neighbour.ts', '../electron/secrets', 'not-in-allowed'],
  ['src/main/adapters/node/reaches-runtime.ts', '../../runtime/runtime', 'not-in-allowed'],
  ['src/main/runtime/reaches-adapter.ts', '../adapters/node/files', 'not-in-allowed'],
  ['src/main/runtime/reaches-node.ts', 'node:fs', 'not-in-allowed'],
  ['src/main/hosts/headless/reaches-electron.ts', '../../adapters/electron/secrets', 'not-in-allowed'],
  ['src/main/hosts/headless/reaches-host.ts', '../electron/index', 'not-in-allowed'],
  ['src/preload/reaches-contract.ts', '#contract', 'not-in-allowed'],
  ['src/renderer/features/tasks/reaches-feature.ts', '../chat/chat', 'not-in-allowed'],
  ['src/renderer/features/tasks/reaches-core.ts', '#core/errors', 'not-in-allowed'],
  ['src/renderer/lib/reaches-feature.ts', '../features/chat/chat', 'not-in-allowed'],
  ['src/renderer/components/reaches-app.ts', '../app/shell', 'not-in-allowed'],
  ['src/renderer/app/reaches-node.ts', 'node:fs', 'not-in-allowed'],
  ['src/main/core/reaches-test.ts', './rules.test', 'not-to-test'],
  ['src/main/adapters/node/reaches-helper.ts', './testing/scratch', 'not-to-test'],
  ['src/main/core/reaches-nothing.ts', './gone', 'no-unresolvable'],
  ['src/main/adapters/node/reaches-dev.ts', '@copilotkit/aimock', 'no-dev-in-product'],
  ['src/somewhere/else.ts', 'zod', 'not-in-allowed'],
]

const root = fileURLToPath(new URL('../..', import.meta.url))
let tree: string
let violations: ReadonlySet<string>

beforeAll(async () => {
  tree = await realpath(await mkdtemp(join(tmpdir(), 'trestle-imports-')))
  await copyFile(join(root, 'package.json'), join(tree, 'package.json'))
  await copyFile(join(root, 'tsconfig.base.json'), join(tree, 'tsconfig.base.json'))
  await symlink(join(root, 'node_modules'), join(tree, 'node_modules'), 'dir')
  for (const [file, imports] of Object.entries(allowed)) await write(file, imports)
  for (const [file, imported] of forbidden) await write(file, [imported])
  await write('src/main/core/circle/one.ts', ['./two'])
  await write('src/main/core/circle/two.ts', ['./one'])
  await write('src/nowhere/alone.ts', [])
  violations = await violationsOf(tree)
})

afterAll(() => rm(tree, { recursive: true, force: true }))

async function write(file: string, imports: readonly string[]) {
  const source = imports.map((name, index) => `import * as m${index} from '${name}'\nm${index}\n`).join('')
  await mkdir(dirname(join(tree, file)), { recursive: true })
  await writeFile(join(tree, file), `${source}export const here = 1\n`)
}

async function violationsOf(baseDir: string): Promise<ReadonlySet<string>> {
  const { options, ...ruleSet } = config
  const { output } = await cruise(['src'], { ...options, baseDir, validate: true, ruleSet } as never)
  return new Set((output as ICruiseResult).summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`))
}

test('every row of the table lets its own imports through', () => {
  const files = new Set(Object.keys(allowed))
  expect([...violations].filter((violation) => files.has(violation.split(': ')[1] ?? ''))).toEqual([])
})

test.each(forbidden)('%s may not import %s', (file, _imported, rule) => {
  expect(violations).toContain(`${rule}: ${file}`)
})

test('a circle of imports is an error', () => {
  expect(violations).toContain('no-circular: src/main/core/circle/one.ts')
})

test('a file that no row covers is an error even when it imports nothing', () => {
  expect(violations).toContain('in-a-layer: src/nowhere/alone.ts')
})
