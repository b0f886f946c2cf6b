import { RuleTester } from 'eslint'
import { describe, it } from 'vitest'
import { kebabCaseFileNames } from './kebab-case.mjs'

RuleTester.describe = describe
RuleTester.it = it

new RuleTester().run('kebab-case', kebabCaseFileNames as never, {
  valid: [
    { code: '', filename: 'src/model-provider.ts' },
    { code: '', filename: 'src/model-provider.test.ts' },
    { code: '', filename: 'src/migrations/0001-first.ts' },
  ],
  invalid: [
    { code: '', filename: 'src/ModelProvider.tsx', errors: [{ messageId: 'name' }] },
    { code: '', filename: 'src/modelProvider.ts', errors: [{ messageId: 'name' }] },
    { code: '', filename: 'src/model_provider.ts', errors: [{ messageId: 'name' }] },
  ],
})
