import reactHooks from 'eslint-plugin-react-hooks'
import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'
import { kebabCaseFileNames } from './scripts/lint/kebab-case.mjs'

const tests = ['**/*.test.ts', '**/*.test.tsx', 'src/**/testing/**', 'e2e/**', 'bench/**']

/** Where values of unknown shape are met or made up; everywhere else a schema does what `as` would claim. */
const edges = ['src/main/adapters/**', 'src/preload/**', ...tests]

const everywhere = [
  { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' },
  { selector: 'ExportAllDeclaration', message: 'List the exports by name.' },
  {
    selector: ':matches(TSInterfaceDeclaration, TSTypeAliasDeclaration)[id.name=/^I[A-Z][a-z]/]',
    message: 'Name the thing, without an I in front.',
  },
]

const namedExports = { selector: 'ExportDefaultDeclaration', message: 'Use a named export.' }

/** Not in tests: what a `beforeEach` makes lives there. */
const noModuleState = {
  selector: ':matches(Program, ExportNamedDeclaration) > VariableDeclaration:not([kind="const"])',
  message: 'No module-level state: pass it as an argument.',
}

const size = (lines) => ['error', { max: lines, skipBlankLines: false, skipComments: false }]

export default defineConfig(
  { ignores: ['out/', 'dist/', 'bench/peers/', 'test-results/', 'playwright-report/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{ts,tsx,js,mjs}'],
    plugins: { trestle: { rules: { 'kebab-case': kebabCaseFileNames } } },
    rules: {
      'trestle/kebab-case': 'error',
      'max-lines': size(400),
      'max-lines-per-function': size(80),
      'no-restricted-syntax': ['error', ...everywhere],
      eqeqeq: 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['**/*.{ts,tsx}'],
    plugins: { '@typescript-eslint': tseslint.plugin },
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  { files: ['src/**/*.{ts,tsx}'], rules: { 'no-restricted-syntax': ['error', ...everywhere, namedExports] } },
  { files: ['src/**/*.{ts,tsx}'], ignores: tests, rules: { 'no-restricted-syntax': ['error', ...everywhere, namedExports, noModuleState] } },
  {
    files: edges,
    rules: {
      '@typescript-eslint/consistent-type-assertions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  { files: tests, rules: { 'max-lines': size(600), 'max-lines-per-function': 'off' } },
  {
    files: ['src/renderer/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: {
      ...reactHooks.configs.flat.recommended.rules,
      'react-hooks/exhaustive-deps': 'error',
      // It warns about libraries that the React compiler would skip, and there is no compiler here.
      'react-hooks/incompatible-library': 'off',
    },
  },
)
