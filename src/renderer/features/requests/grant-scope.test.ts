import { expect, it } from 'vitest'
import type { HumanRequest } from '#contract/human-requests'
import { scopeOf } from './grant-scope'

const command = (text: string): Pick<HumanRequest, 'arguments' | 'preview'> => ({ arguments: { command: text }, preview: { kind: 'command', command: text } as HumanRequest['preview'] })
const choices = (request: Parameters<typeof scopeOf>[0]) => scopeOf(request)?.choices

it('narrows to the file and its folders, to the beginning of a command, or to a server', () => {
  expect(choices({ arguments: { path: 'src/deep/a.ts' } })).toEqual(['src/deep/a.ts', 'src/deep/**', 'src/**'])
  expect(choices(command('npm run test --watch'))).toEqual(['npm run test --watch', 'npm run', 'npm'])
  expect(choices({ arguments: { url: 'https://docs.example.com:8080/a' } })).toEqual(['docs.example.com:8080', '*.example.com'])
})

it('offers no beginning of a command that does more than run one program', () => {
  expect(choices(command('npm test && rm -rf x'))).toEqual([])
  expect(choices(command('A=b npm test'))).toEqual([])
})

it('is for all of them where a call names none', () => {
  expect(scopeOf({ arguments: { title: 'A task' } })).toBeNull()
})
