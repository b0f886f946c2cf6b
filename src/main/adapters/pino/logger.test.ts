import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFileLogger } from './logger'
import { redact } from './redact'

let folder: string
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'trestle-logs-')), 'logs')
})
afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }))

async function lines() {
  const text = await readFile(join(folder, 'trestle.log'), 'utf8')
  return text.trim().split('\n').map((line) => JSON.parse(line))
}

test('lines are JSON with time, level, event and fields', async () => {
  const logger = createFileLogger({ folder })
  logger.debug('not.written')
  logger.info('run.started', { runId: 'r1', inputTokens: 12 })
  logger.error('run.failed', { error: Object.assign(new TypeError('bad'), { code: 'E1', cause: 'why' }) })
  logger.warn('thrown', { error: 'a string' })
  logger.close()
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT/)
  expect(await lines()).toEqual([
    { level: 'info', time, runId: 'r1', inputTokens: 12, event: 'run.started' },
    { level: 'error', time, error: { name: 'TypeError', message: 'bad', code: 'E1', stack: expect.stringContaining('logger.test'), cause: 'why' }, event: 'run.failed' },
    { level: 'warn', time, error: 'a string', event: 'thrown' },
  ])
})

test('secrets are replaced by name and by look, wherever they are', () => {
  expect(redact({
    apiKey: 'abc', access_token: 'abc', headers: { Authorization: 'abc', 'x-api-key': 'abc' }, secrets: { first: 'abc' }, keys: ['abc'],
    url: 'http://127.0.0.1/#token=abcdef', text: 'used sk-ant-abcdef123 and Bearer abc.def today', remote: 'https://user:pw@host/x',
    inputTokens: 12, error: new Error('401 for sk-proj-123456789'),
  })).toEqual({
    apiKey: '[redacted]', access_token: '[redacted]', headers: { Authorization: '[redacted]', 'x-api-key': '[redacted]' }, secrets: { first: '[redacted]' }, keys: ['[redacted]'],
    url: 'http://127.0.0.1/#token=[redacted]', text: 'used [redacted] and [redacted] today', remote: 'https://[redacted]@host/x',
    inputTokens: 12, error: { name: 'Error', message: '401 for [redacted]', stack: expect.not.stringContaining('sk-proj') },
  })
})

test('endless, deep and circular values are bounded', () => {
  const circular: Record<string, unknown> = { text: 'x'.repeat(10_000), list: Array.from({ length: 1_000 }, () => 1), big: 10n }
  circular['self'] = circular
  const written = JSON.stringify(redact(circular))
  expect(written.length).toBeLessThan(40_000)
  expect(written).toContain('[deeper]')
})

test('files rotate by size, and the oldest goes', async () => {
  const logger = createFileLogger({ folder, maxBytes: 2_000, maxFiles: 3 })
  for (let index = 0; index < 200; index++) logger.info('line', { index })
  logger.close()
  expect((await readdir(folder)).sort()).toEqual(['trestle.1.log', 'trestle.2.log', 'trestle.log'])
  for (const name of await readdir(folder)) expect((await stat(join(folder, name))).size).toBeLessThanOrEqual(2_000)
  expect((await lines()).at(-1)).toMatchObject({ index: 199 })
})

test('a folder that cannot be written does not stop anyone', async () => {
  await writeFile(join(folder, '..', 'file'), '')
  const logger = createFileLogger({ folder: join(folder, '..', 'file') })
  expect(() => logger.error('x')).not.toThrow()
})
