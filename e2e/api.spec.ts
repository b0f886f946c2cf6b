import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Api } from './api'
import { expect, test } from './fixtures'
import { openStream } from './stream-client'

const id = expect.stringMatching(/^[\w-]{8,64}$/)
const usage = { inputTokens: 100, outputTokens: expect.any(Number), cachedTokens: 0, totalTokens: expect.any(Number), estimated: false }
const write = { toolCalls: [{ name: 'write_file', arguments: { path: 'one.txt', content: 'text\n' } }] }

async function ended(api: Api, runId: string, state: string) {
  await expect.poll(async () => (await api.get(`/runs/${runId}`)).body.state).toBe(state)
  return (await api.get(`/runs/${runId}`)).body
}

test('POST /agents/execute answers 200 with the text, and goes on in a session that is named', async ({ api, model }) => {
  model.reply({ text: 'One.' }, { text: 'Two.' })
  const first = await api.post('/agents/execute', { instruction: 'Count' })
  expect(first).toEqual({ status: 200, body: { text: 'One.', runId: id, sessionId: id, usage } })
  const second = await api.post('/agents/execute', { instruction: 'Go on', sessionId: first.body.sessionId, timeoutMs: 30_000 })
  expect(second).toEqual({ status: 200, body: { text: 'Two.', runId: id, sessionId: first.body.sessionId, usage } })
  expect(model.requests[1]?.body['messages']).toEqual(expect.arrayContaining([expect.objectContaining({ role: 'assistant', content: 'One.' })]))
})

test('POST /agents/execute answers 202 with the run when it takes longer', async ({ api, model }) => {
  const release = model.hold({ text: 'At last.' })
  const answer = await api.post('/agents/execute', { instruction: 'Take your time', timeoutMs: 0 })
  expect(answer).toEqual({ status: 202, body: { runId: id, sessionId: id } })
  release()
  expect(await ended(api, answer.body.runId, 'completed')).toMatchObject({ error: null })
})

test('POST /agents/execute tells why a run failed, and which run it was', async ({ api, model }) => {
  model.reply({ status: 401, error: 'no' })
  expect(await api.post('/agents/execute', { instruction: 'Go' })).toEqual({
    status: 422,
    body: { code: 'KEY_REFUSED', message: expect.stringContaining('refused the key'), retryable: false, traceId: expect.any(String), data: { runId: id, sessionId: id } },
  })
})

test('sessions are created, listed, read, changed and deleted', async ({ api }) => {
  const { body: { items: [workspace] } } = await api.get('/workspaces')
  const created = await api.post('/sessions', { workspaceId: workspace.id, title: 'Mine', model: 'openai/other', mode: 'plan' })
  expect(created).toMatchObject({ status: 201, body: { id, workspaceId: workspace.id, title: 'Mine', model: 'openai/other', mode: 'plan', status: 'idle', archived: false } })
  const path = `/sessions/${created.body.id}`
  expect(await api.get('/sessions')).toEqual({ status: 200, body: { items: [created.body], nextCursor: null } })
  expect(await api.patch(path, { title: 'Yours', mode: 'ask' })).toMatchObject({ status: 200, body: { title: 'Yours', mode: 'ask', model: 'openai/other' } })
  expect(await api.get(path)).toMatchObject({ status: 200, body: { title: 'Yours' } })
  expect(await api.delete(path)).toEqual({ status: 200, body: {} })
  expect(await api.get(path)).toEqual({ status: 404, body: { code: 'RESOURCE_NOT_FOUND', message: expect.any(String), retryable: false, traceId: expect.any(String) } })
})

test('messages, entries by page, runs with their steps, and a fork', async ({ api, model }) => {
  model.reply({ text: 'Looking.', toolCalls: [{ name: 'read_file', arguments: { path: 'README.md' } }] }, { text: 'It says hello.' })
  const { body: workspaces } = await api.get('/workspaces')
  const { body: session } = await api.post('/sessions', { workspaceId: workspaces.items[0].id })
  const sent = await api.post(`/sessions/${session.id}/messages`, { text: 'What is it?' })
  expect(sent).toEqual({ status: 202, body: { runId: id } })
  const run = await ended(api, sent.body.runId, 'completed')
  expect(run.steps.map(({ kind, name, state }: Record<string, unknown>) => [kind, name, state])).toEqual([
    ['model', 'openai/test-model', 'completed'], ['tool', 'read_file', 'completed'], ['model', 'openai/test-model', 'completed'],
  ])
  const path = `/sessions/${session.id}/entries`
  const newest = await api.get(`${path}?limit=3`)
  const oldest = await api.get(`${path}?limit=3&cursor=${newest.body.nextCursor}`)
  const entries = [...oldest.body.items, ...newest.body.items]
  expect(entries.map(({ payload }) => payload.kind)).toEqual(['user_message', 'assistant_message', 'tool_result', 'assistant_message'])
  expect([newest.body.items.length, oldest.body.nextCursor]).toEqual([3, null])
  const fork = await api.post(`/sessions/${session.id}/fork`, { entryId: entries[0].id })
  expect(fork).toMatchObject({ status: 201, body: { id: session.id, headId: id } })
  expect((await api.get(`${path}?headId=${fork.body.headId}`)).body.items).toEqual([entries[0]])
  expect((await api.get(`/sessions/${session.id}/context`)).body).toMatchObject({ totalTokens: expect.any(Number), parts: expect.any(Array) })
})

test('runs are cancelled and resumed', async ({ api, model }) => {
  model.reply({ text: 'Half', hang: 'after' })
  const { body: { runId } } = await api.post('/agents/execute', { instruction: 'Go', timeoutMs: 0 })
  await model.received(1)
  expect(await api.post(`/runs/${runId}/cancel`)).toMatchObject({ status: 200, body: { id: runId, state: 'cancelled' } })
  expect(await api.post(`/runs/${runId}/cancel`)).toMatchObject({ status: 200, body: { state: 'cancelled' } })
  model.reply({ text: 'Whole.' })
  expect(await api.post(`/runs/${runId}/resume`)).toMatchObject({ status: 202, body: { id: runId } })
  await ended(api, runId, 'completed')
  expect(await api.post(`/runs/${runId}/resume`)).toMatchObject({ status: 409, body: { code: 'CONFLICT' } })
})

test('human requests are listed and answered once', async ({ api, model, workspace }) => {
  model.reply(write, { text: 'Done.' })
  const { body: { runId } } = await api.post('/agents/execute', { instruction: 'Write', timeoutMs: 0 })
  await ended(api, runId, 'waiting')
  const { status, body } = await api.get('/human-requests?status=open')
  expect([status, body]).toEqual([200, { items: [expect.objectContaining({ id, runId, kind: 'approval', toolName: 'write_file', decisions: ['once', 'session', 'always', 'reject'] })], nextCursor: null }])
  const path = `/human-requests/${body.items[0].id}/answer`
  expect(await api.post(path, { decision: 'maybe' })).toMatchObject({ status: 400, body: { code: 'INVALID_PARAMETERS' } })
  expect(await api.post(path, { decision: 'once' })).toMatchObject({ status: 200, body: { status: 'answered', answer: { decision: 'once' } } })
  expect(await api.post(path, { decision: 'once' })).toMatchObject({ status: 200 })
  expect(await api.post(path, { decision: 'reject' })).toMatchObject({ status: 409, body: { code: 'CONFLICT' } })
  await ended(api, runId, 'completed')
  expect(await readFile(join(workspace, 'one.txt'), 'utf8')).toBe('text\n')
  expect((await api.get('/human-requests?status=open')).body.items).toEqual([])
})

test('workspaces are opened, listed and trusted', async ({ api, profile, workspace }) => {
  expect((await api.get('/workspaces')).body.items).toMatchObject([{ path: workspace, trusted: true, available: true }])
  const opened = await api.post('/workspaces', { path: join(profile, 'logs') })
  expect(opened).toMatchObject({ status: 201, body: { id, name: 'logs', trusted: false } })
  expect(await api.post(`/workspaces/${opened.body.id}/trust`)).toMatchObject({ status: 200, body: { trusted: true } })
  expect(await api.post('/workspaces', { path: join(workspace, 'gone') })).toMatchObject({ status: 409, body: { code: 'WORKSPACE_UNAVAILABLE' } })
  expect(await api.post('/workspaces', { path: join(workspace, 'README.md') })).toMatchObject({ status: 409, body: { code: 'WORKSPACE_UNAVAILABLE' } })
})

test('settings are read and changed key by key; what the environment sets stays', async ({ api }) => {
  const before = await api.get('/settings')
  expect(before).toMatchObject({ status: 200, body: { theme: 'system', defaultModel: 'openai/test-model', defaultMode: 'ask' } })
  const changed = await api.put('/settings', { theme: 'dark', defaultModel: 'openai/other' })
  expect(changed).toEqual({ status: 200, body: { ...before.body, theme: 'dark' } })
  expect(await api.put('/settings', { theme: 'pink' })).toMatchObject({ status: 400, body: { code: 'INVALID_PARAMETERS', retryable: false } })
  expect((await api.get('/settings')).body).toEqual(changed.body)
})

test('models are listed with what is known of them', async ({ api }) => {
  const { status, body } = await api.get('/models')
  expect(status).toBe(200)
  const byProvider = (provider: string) => body.items.filter((model: { provider: string }) => model.provider === provider)
  expect(byProvider('openai')[0]).toMatchObject({ available: true, contextWindow: expect.any(Number), price: { input: expect.any(Number) } })
  expect(byProvider('anthropic')[0]).toMatchObject({ available: false })
})

test('what is not understood is refused with the one shape of errors', async ({ api, host }) => {
  const shape = (code: string) => ({ code, message: expect.stringMatching(/^[A-Z].*\w/), retryable: false, traceId: expect.stringMatching(/^[0-9a-f]{32}$/) })
  const send = async (path: string, init: RequestInit) => {
    const response = await fetch(host.ready.api + path, init)
    return [response.status, await response.json()]
  }
  const authorization = `Bearer ${host.ready.token}`
  expect(await send('/settings', {})).toEqual([401, shape('AUTHENTICATION_ERROR')])
  expect(await send('/settings', { headers: { authorization: 'Bearer wrong' } })).toEqual([401, shape('AUTHENTICATION_ERROR')])
  expect(await send('/settings', { headers: { authorization, origin: 'https://evil.example' } })).toEqual([403, shape('PERMISSION_DENIED')])
  expect(await send('/nothing', { headers: { authorization } })).toEqual([404, shape('RESOURCE_NOT_FOUND')])
  expect(await send('/settings', { method: 'DELETE', headers: { authorization } })).toEqual([405, shape('INVALID_PARAMETERS')])
  expect(await send('/sessions', { method: 'POST', headers: { authorization, 'content-type': 'application/json' }, body: '{' })).toEqual([400, shape('INVALID_PARAMETERS')])
  expect(await send('/sessions', { method: 'POST', headers: { authorization, 'content-type': 'application/json' }, body: `"${'x'.repeat(9_000_000)}"` })).toEqual([413, shape('PAYLOAD_TOO_LARGE')])
  expect(await api.post('/sessions', { mode: 'yolo' })).toMatchObject({ status: 400, body: { ...shape('INVALID_PARAMETERS'), data: expect.anything() } })
  for (const path of ['/sessions/none', '/runs/none']) expect(await api.get(path)).toMatchObject({ status: 404, body: shape('RESOURCE_NOT_FOUND') })
})

test('openapi.json lists every route by its name', async ({ api }) => {
  const { status, body } = await api.get('/openapi.json')
  expect([status, body.openapi]).toEqual([200, expect.stringMatching(/^3\.1/)])
  const routes = Object.entries(body.paths).flatMap(([path, methods]) => Object.keys(methods as object).map((method) => `${method.toUpperCase()} ${path}`))
  expect(routes).toEqual(expect.arrayContaining([
    'POST /agents/execute', 'POST /sessions', 'GET /sessions', 'GET /sessions/{id}', 'PATCH /sessions/{id}', 'DELETE /sessions/{id}',
    'GET /sessions/{id}/entries', 'POST /sessions/{id}/messages', 'POST /sessions/{id}/fork', 'GET /runs/{id}', 'POST /runs/{id}/cancel',
    'POST /runs/{id}/resume', 'GET /human-requests', 'POST /human-requests/{id}/answer', 'POST /workspaces', 'GET /workspaces',
    'POST /workspaces/{id}/trust', 'GET /settings', 'PUT /settings', 'GET /models',
  ]))
})

test('/health and /ready need no token, and SIGTERM ends the host with 0', async ({ host }) => {
  const ask = async (path: string) => {
    const response = await fetch(new URL(path, host.ready.api))
    return [response.status, await response.json()]
  }
  expect(await ask('/health')).toEqual([200, { status: 'ok', version: host.ready.version }])
  expect(await ask('/ready')).toEqual([200, { status: 'ready' }])
  expect(await host.stop()).toMatchObject({ code: 0, signal: null, stderr: '' })
})

test('/ws/stream wants the token first', async ({ host }) => {
  const early = await openStream(host.ready.api)
  early.send({ type: 'subscribe' })
  expect(await early.closed).toBe(4401)
  expect(early.messages).toMatchObject([{ type: 'error', code: 'AUTHENTICATION_ERROR' }])
  const wrong = await openStream(host.ready.api)
  wrong.send({ type: 'auth', token: 'wrong' })
  expect(await wrong.closed).toBe(4401)
})

test('/ws/stream tells what happens, and after a reconnect what was missed, in order and once', async ({ api, host, model }) => {
  const token = host.ready.token
  const topics = ['run.update', 'session.entry', 'agent.token']
  const first = await openStream(host.ready.api)
  first.send({ type: 'auth', token })
  first.send({ type: 'subscribe', topics })
  await first.first(({ topic }) => topic === 'stream.open')
  model.reply({ text: 'One two three.' }, { text: 'Four.' })
  const { body: { sessionId } } = await api.post('/agents/execute', { instruction: 'Count' })
  await first.first(({ topic, payload }) => topic === 'run.update' && payload.run.state === 'completed')
  const seen = first.messages.filter(({ seq, topic }) => seq !== undefined && topic !== 'stream.open')
  expect(seen.map(({ seq }) => seq)).toEqual([...seen.map(({ seq }) => seq!)].sort((one, other) => one - other))
  expect(seen.filter(({ topic }) => topic === 'agent.token').map(({ payload }) => payload.delta).join('')).toBe('One two three.')
  const last = Math.max(...seen.map(({ seq }) => seq!))
  first.close()
  await first.closed

  await api.post('/agents/execute', { instruction: 'Go on', sessionId })
  const again = await openStream(host.ready.api)
  again.send({ type: 'auth', token })
  again.send({ type: 'subscribe', topics, since: last })
  await again.first(({ topic, payload }) => topic === 'run.update' && payload.run.state === 'completed')
  const [authenticated, open, ...missed] = again.messages
  expect([authenticated, open]).toMatchObject([{ type: 'authenticated' }, { topic: 'stream.open', reset: false }])
  expect(missed.every(({ seq }) => seq! > last)).toBe(true)
  const kinds = missed.filter(({ topic }) => topic === 'session.entry').map(({ payload }) => payload.entry.payload.kind)
  expect(kinds).toEqual(['user_message', 'assistant_message'])
  again.close()
})

test('/ws/stream goes on after a restart of the host where the client had been', async ({ api, host, model }) => {
  model.reply({ text: 'One.' })
  const { body: { sessionId } } = await api.post('/agents/execute', { instruction: 'Count' })
  const before = await openStream(host.ready.api)
  before.send({ type: 'auth', token: host.ready.token })
  before.send({ type: 'subscribe' })
  const { seq = 0 } = await before.first(({ topic }) => topic === 'stream.open')
  await host.kill()
  await before.closed
  await host.start()
  model.reply({ text: 'Two.' })
  await api.post('/agents/execute', { instruction: 'Go on', sessionId })
  const after = await openStream(host.ready.api)
  after.send({ type: 'auth', token: host.ready.token })
  after.send({ type: 'subscribe', topics: ['session.entry'], since: seq })
  expect(await after.first(({ topic }) => topic === 'stream.open')).toMatchObject({ reset: false })
  await after.first(({ payload }) => payload?.entry?.payload.text === 'Two.')
  after.close()
})
