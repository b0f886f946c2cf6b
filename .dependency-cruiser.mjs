import { builtinModules } from 'node:module'

/**
 * Who may import whom: the table of the layers, as the linter reads it. Left, the files; right,
 * everything they may import. An import that no row allows is an error, and so is a file in no row.
 * `$1` on the right is the folder that matched on the left.
 */

const npm = (...names) => `(^|/)node_modules/(${names.join('|')})/`
const anyNpm = '(^|/)node_modules/(?!electron/)'
const electron = npm('electron')
const node = `^(node:.+|${builtinModules.join('|')})$`

const contract = '^src/contract/'
const core = '^src/main/core/'
const adapters = '^src/main/adapters/'
const runtime = '^src/main/runtime/'
const adaptersShared = '^src/main/adapters/shared/'
const hostsShared = '^src/main/hosts/shared/'
const testing = '^src/(testing|.+/testing)/'
const testFile = '\\.test\\.tsx?$'
const renderer = '^src/renderer/'
const lib = '^src/renderer/lib/'
const components = '^src/renderer/components/'

const pureLibraries = npm('zod', 'croner', 'picomatch', '@types/picomatch')

const table = [
  [contract, [contract, npm('zod', '@orpc/contract')]],
  [core, [core, contract, pureLibraries]],
  ['^src/main/adapters/(electron)/', ['^src/main/adapters/electron/', core, contract, '^resources/', node, anyNpm, electron]],
  // How the system names files and folders: what every adapter that walks a folder needs.
  [adaptersShared, [adaptersShared, node]],
  ['^src/main/adapters/([^/]+)/', ['^src/main/adapters/$1/', adaptersShared, core, contract, '^resources/', node, anyNpm]],
  [runtime, [runtime, core, contract, npm('@orpc/server', '@orpc/zod')]],
  [hostsShared, [hostsShared, runtime, `${adapters}(?!electron/)`, core, contract, '^(package\\.json$|resources/)', node, anyNpm]],
  ['^src/main/hosts/electron/', [hostsShared, '^src/main/hosts/electron/', runtime, adapters, core, contract, '^resources/', node, anyNpm, electron]],
  ['^src/main/hosts/headless/', [hostsShared, '^src/main/hosts/headless/', runtime, `${adapters}(?!electron/)`, core, contract, '^resources/', node, anyNpm]],
  ['^src/preload/', ['^src/preload/', electron]],
  [lib, [lib, contract, anyNpm]],
  [components, [components, lib, contract, anyNpm]],
  ['^src/renderer/features/([^/]+)/', ['^src/renderer/features/$1/', components, lib, contract, anyNpm]],
  ['^src/renderer/app/', [renderer, contract, anyNpm]],
  ['^src/renderer/[^/]+$', ['^src/renderer/(app/|[^/]+$)', anyNpm]],
  // Fakes of our ports and servers to test against: src/testing, or a `testing` folder in a layer.
  [testing, [testing, runtime, core, contract, adapters, '^scripts/', node, anyNpm]],
  [testFile, [testing, adapters, core, contract, node, anyNpm]],
  // Only what tests and builds share is reached from here.
  ['^scripts/', ['^scripts/', node, anyNpm]],
]

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

export default {
  allowedSeverity: 'error',
  allowed: table.map(([from, to]) => ({ from: { path: from }, to: { path: to } })),
  forbidden: [
    rule('no-circular', 'Modules that import each other are one module: move what both need into a third.', {}, { circular: true }),
    rule('in-a-layer', 'This file belongs to no row of the table.', { orphan: true, pathNot: table.map(([from]) => from) }, {}),
    rule('no-unresolvable', 'What is imported is not there.', {}, { couldNotResolve: true }),
    rule('not-to-test', 'Tests and what helps them are for tests.', { pathNot: [testFile, testing] }, { path: [testFile, testing] }),
    rule(
      'monaco-in-editor',
      'Five megabytes: only components/editor loads it, lazily.',
      { pathNot: '^src/renderer/components/editor/' },
      { path: npm('monaco-editor') },
    ),
    rule('no-dev-in-product', 'A product file may not need what only developers install.', { path: '^src/', pathNot: [testFile, testing] }, {
      dependencyTypes: ['npm-dev'],
      dependencyTypesNot: ['type-only'],
      pathNot: electron,
    }),
  ],
  options: {
    doNotFollow: { path: '(^|/)node_modules/' },
    // The types of a library count as the library; an import of types alone is an import too.
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.css', '.json', '.d.ts'],
      mainFields: ['module', 'main', 'types'],
    },
    skipAnalysisNotInRules: true,
  },
}
