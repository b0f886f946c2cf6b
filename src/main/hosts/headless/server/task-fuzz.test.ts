import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ErrorBodySchema } from '#contract/errors'
import { startTestRuntime, type TestRuntime } from '../../../../testing/test-runtime'
import { ask } from '../testing/start-server'
import { createCredentials } from './credentials'
import { createHttpServer, type HttpServer } from './http-server'

/** Set higher for a long run. */
const REQUESTS = Number(process.env['TRESTLE_FUZZ'] ?? 400)
const unlimited = { capacity: 1e9, perSecond: 1e9 }
const TOKEN = 'the-token-of-the-fuzz-test'

let test: TestRuntime
let server: HttpServer
let port: number
const bugs: unknown[] = []
beforeAll(async () => {
  test = startTestRuntime({ script: () => ({ text: 'Done.' }) })
  await test.runtime.start()
  server = createHttpServer({
    router: test.runtime.router, events: test.runtime.events, isReady: () => true, credentials: createCredentials(TOKEN), onLogin: test.runtime.noteLogin, rates: { api: unlimited, createSession: unlimited, streamMessage: unlimited }, clock: test.clock,
    version: '0.0.0', windowRoot: '/nonexistent', reportBug: (error) => bugs.push(error),
  })
  port = await server.listen(0, '127.0.0.1')
})
afterAll(async () => {
  await server.close()
  await test.runtime.stop(0)
})

const known: string[] = ['nobody', '', '..', '%00', '💥', 'a'.repeat(3_000)]
const id = fc.nat().map((number) => known[number % known.length] ?? 'nobody')
const junk = fc.jsonValue({ maxDepth: 2 })
const title = fc.oneof(fc.string({ maxLength: 30 }), fc.constant('x'.repeat(500)), junk)
const when = fc.oneof(
  fc.record({ kind: fc.constant('adhoc'), notBefore: fc.option(fc.integer()) }),
  fc.record({ kind: fc.constant('planned'), dates: fc.array(fc.oneof(fc.date({ noInvalidDate: true }).map((date) => date.toISOString()), fc.string()), { maxLength: 3 }), timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'Mars/Olympus') }),
  fc.record({ kind: fc.constant('scheduled'), cron: fc.oneof(fc.constantFrom('* * * * *', '0 0 31 2 *', '@daily', '*/7 * * * * *'), fc.string({ maxLength: 12 })), timeZone: fc.constantFrom('UTC', 'Asia/Kathmandu', '') }, { requiredKeys: ['kind'] }),
  junk,
)
const spec = fc.record({
  title, instruction: title, when, priority: fc.oneof(fc.constantFrom('low', 'urgent'), junk), dependsOn: fc.oneof(fc.array(id, { maxLength: 3 }), junk), parentId: id,
  tags: fc.oneof(fc.array(fc.string(), { maxLength: 3 }), junk), budget: fc.oneof(fc.record({ maxCostUsd: fc.double() }), junk), attempts: junk, deadline: fc.oneof(fc.integer(), junk),
  start: fc.constantFrom('backlog', 'ready', 'now'), idempotencyKey: fc.constantFrom('a', 'b', ''), revision: junk, mode: fc.constantFrom('ask', 'plan', 'god'), workspaceId: fc.constantFrom('workspace', 'nowhere', null),
}, { requiredKeys: [] })
const goodSpec = fc.record({ title: fc.constantFrom('One', 'Two'), instruction: fc.constant('Do it.'), start: fc.constantFrom('backlog', 'ready') }, { requiredKeys: ['title', 'instruction'] })
const number = fc.oneof(fc.integer(), fc.constantFrom('x', '1e99', '-0', ''))
const query = fc.record({
  cursor: fc.oneof(fc.string(), fc.constantFrom('WzFd', 'bnVsbA', 'e30')), limit: number, state: fc.constantFrom('ready', 'done', 'lost'), tag: fc.string(), text: fc.string(), order: fc.constantFrom('board', 'up'),
  from: number, to: number, at: number, until: number, scheduleId: id, parentId: id, idempotencyKey: fc.string(),
}, { requiredKeys: [] }).map((fields) => new URLSearchParams(Object.entries(fields).map(([key, value]) => [key, String(value)])).toString())

const path = fc.tuple(id, fc.constantFrom(
  'GET /tasks', 'POST /tasks', 'POST /tasks', 'GET /tasks/{id}', 'PATCH /tasks/{id}', 'DELETE /tasks/{id}', 'POST /tasks/{id}/run', 'POST /tasks/{id}/cancel', 'POST /tasks/{id}/retry',
  'POST /tasks/{id}/requeue', 'POST /tasks/{id}/move', 'POST /tasks/{id}/review', 'POST /tasks/{id}/comments', 'GET /tasks/{id}/runs', 'GET /tasks/{id}/history', 'GET /tasks/{id}/comments', 'POST /tasks/bulk',
  'GET /schedules', 'GET /schedules/{id}', 'GET /schedules/{id}/occurrences', 'GET /schedules/{id}/why', 'POST /schedules/{id}/pause', 'POST /schedules/{id}/resume', 'POST /schedules/{id}/backfill',
  'POST /schedules/{id}/decide', 'POST /schedules/preview', 'GET /occurrences', 'PUT /task-views/{id}', 'DELETE /task-views/{id}', 'POST /human-requests/answers', 'GET /human-requests',
)).map(([taskId, route]) => route.replace('{id}', encodeURIComponent(taskId)).split(' '))
const more = fc.record({
  to: fc.constantFrom('done', 'ready', 'backlog', 'cancelled', 'running'), afterId: fc.option(id), ids: fc.array(id, { maxLength: 4 }), accept: fc.boolean(), message: fc.string(), text: title, cron: fc.string(), timeZone: fc.string(),
  from: fc.integer(), dueAts: fc.array(fc.integer(), { maxLength: 3 }), run: fc.boolean(), name: fc.string(), filter: junk, answers: junk, do: fc.oneof(fc.record({ action: fc.constantFrom('retry', 'remove', 'move'), to: fc.constant('done') }), junk),
}, { requiredKeys: [] })
const body = fc.oneof(goodSpec, spec, fc.tuple(goodSpec, spec).map(([left, right]) => ({ ...right, ...left })), more, junk).map((value) => JSON.stringify(value))

it(`answers whatever is asked about tasks and schedules in good order: ${REQUESTS} requests`, async () => {
  await fc.assert(fc.asyncProperty(path, query, body, fc.constantFrom('', '', '', '{"', '\u0000'), async ([method = '', where = ''], search, sent, spoiled) => {
    const hasBody = method !== 'GET'
    const answer = await ask(port, `/api/v1${where}${hasBody ? '' : `?${search}`}`, { method, token: TOKEN, ...(hasBody && { body: spoiled + sent }) })
    const shown = `${method} ${where.slice(0, 200)} ${hasBody ? sent : search} → ${answer.status} ${answer.text.slice(0, 300)}`
    expect(answer.status, shown).toBeLessThan(500)
    if (answer.status >= 400) expect(ErrorBodySchema.safeParse(answer.json).success, shown).toBe(true)
    const made = answer.json
    if (answer.status === 201 && typeof made === 'object' && made !== null && 'id' in made && known.length < 60) known.push(String(made.id))
  }), { numRuns: REQUESTS })
  expect(bugs).toEqual([])
  expect(test.logged.filter((event) => event.includes('bug'))).toEqual([])
}, 600_000)
