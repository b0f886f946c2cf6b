import { expect, test } from './fixtures'
import { openStream } from './stream-client'

interface Hit { readonly item: { readonly id: string; readonly text: string; readonly tags: readonly string[] } }

test('a script saves, finds by filters and pages, corrects, forgets and reads the history over REST, and is told of each change', async ({ api, host }) => {
  const workspaceId = (await api.get('/workspaces')).body.items[0].id
  const stream = await openStream(host.ready.api)
  stream.send({ type: 'auth', token: host.ready.token })
  stream.send({ type: 'subscribe', topics: ['memory.update'] })
  await stream.first(({ topic }) => topic === 'stream.open')
  const save = async (body: object) => (await api.post('/memory/save', body)).body
  const first = await save({ text: 'The crane lifts ten tons.', tags: ['crane', 'load'], importance: 0.9 })
  expect(first).toMatchObject({ outcome: 'created', item: { revision: 1, source: { by: 'script' } } })
  const known = await save({ text: 'the crane lifts TEN tons' })
  expect(known).toMatchObject({ outcome: 'known', item: { id: first.item.id, revision: 2 } })
  const then = known.item.updatedAt
  await save({ text: 'I like short answers.', kind: 'user' })
  await save({ text: 'The pier is made of oak.', scope: 'workspace', workspaceId, tags: ['load'], importance: 0.1 })
  await save({ text: 'Clear the cache', kind: 'solution', solution: { problem: 'The build fails', steps: ['Clear the cache'], outcome: 'It builds.', artifacts: [{ path: 'ci.yml', text: 'cache: off' }] } })
  const texts = async (query: string) => (await api.get(`/memory/query?${query}`)).body.items.map(({ item }: Hit) => item.text)
  expect(await texts('tags[]=load&tags[]=crane')).toEqual(['the crane lifts TEN tons'])
  expect(await texts('kinds[]=user&kinds[]=solution&sort=created')).toEqual(['Clear the cache', 'I like short answers.'])
  expect(await texts(`workspaceId=${workspaceId}`)).toEqual(['The pier is made of oak.'])
  expect(await texts('q=crnae&mode=words')).toEqual(['the crane lifts TEN tons'])
  expect(await texts('forWorkspace=other&sort=importance')).not.toContain('The pier is made of oak.')
  const paged: string[] = []
  for (let cursor = ''; ;) {
    const { body } = await api.get(`/memory/query?sort=importance&limit=2${cursor}`)
    paged.push(...body.items.map(({ item }: Hit) => item.text))
    if (body.nextCursor === null) break
    cursor = `&cursor=${encodeURIComponent(body.nextCursor)}`
  }
  expect([paged.length, new Set(paged).size, paged[0]]).toEqual([4, 4, 'the crane lifts TEN tons'])

  const path = `/memory/${first.item.id}`
  expect(await api.patch(path, { text: 'The crane lifts twelve tons.', pinned: true, revision: 2 })).toMatchObject({ status: 200, body: { revision: 3, pinned: true } })
  expect(await api.patch(path, { text: 'x', revision: 1 })).toMatchObject({ status: 409, body: { code: 'CONFLICT', data: { revision: 3 } } })
  expect(await api.patch(path, { importance: 7 })).toMatchObject({ status: 400, body: { code: 'INVALID_PARAMETERS' } })
  expect(await api.delete(path)).toMatchObject({ status: 200, body: { forgottenAt: expect.any(Number) } })
  expect(await texts('q=crane&mode=words')).toEqual([])
  expect(await texts('state=forgotten')).toEqual(['The crane lifts twelve tons.'])
  const { body: history } = await api.get(`${path}/history?limit=2`)
  expect(history.items.map(({ action, by }: Record<string, string>) => [action, by])).toEqual([['forgotten', 'script'], ['changed', 'script']])
  expect((await api.get(`${path}/history?cursor=${history.nextCursor}`)).body.items.map(({ revision }: { revision: number }) => revision)).toEqual([2, 1])
  expect((await api.get(`/memory/query?at=${then}&q=crane`)).body.items.map(({ item }: Hit) => item.text)).toEqual(['the crane lifts TEN tons'])
  expect((await api.get(`${path}?at=${then}`)).body).toMatchObject({ revision: 2, pinned: false, forgottenAt: null })
  expect(await api.get('/memory/nothing-of-the-kind')).toMatchObject({ status: 404 })
  await stream.first(({ topic, payload }) => topic === 'memory.update' && payload.item.id === first.item.id && payload.item.forgottenAt !== null)
  expect(stream.messages.flatMap(({ topic, payload }) => (topic === 'memory.update' && payload.item.id === first.item.id ? [payload.item.revision] : []))).toEqual([1, 2, 3, 4])
  stream.close()
})

test('a script adjusts the rules over REST: each way of merging, with what does not go together, versions, what changed, and the way back', async ({ api }) => {
  const workspaceId = (await api.get('/workspaces')).body.items[0].id
  const adjust = (strategy: string, rules: object[], more: object = {}) => api.post('/behavior/adjust', { scope: 'user', strategy, rules, ...more })
  const conflictsOf = ({ body }: { body: { conflicts: { kind: string }[] } }) => body.conflicts.map(({ kind }) => kind)
  const textsOf = ({ body }: { body: { profile: { rules: { text: string }[] } } }) => body.profile.rules.map(({ text }) => text)
  expect(textsOf(await adjust('append', [{ key: 'length', text: 'Be brief.' }, { text: 'Run the tests.' }]))).toEqual(['Be brief.', 'Run the tests.'])
  const again = await adjust('append', [{ text: 'run the tests' }, { key: 'length', text: 'Be thorough.' }])
  expect([conflictsOf(again), textsOf(again)]).toEqual([['duplicate', 'key_taken'], ['Be brief.', 'Run the tests.']])
  expect(textsOf(await adjust('override', [{ key: 'length', text: 'Be thorough.' }]))).toEqual(['Be thorough.', 'Run the tests.'])
  const folder = await adjust('append', [{ key: 'length', text: 'Be very brief.' }], { scope: 'workspace', target: workspaceId })
  expect(folder.body.conflicts).toMatchObject([{ kind: 'outranks', other: { scope: 'user', text: 'Be thorough.' } }])
  expect((await api.get(`/behavior/effective?workspaceId=${workspaceId}`)).body.rules.map(({ text }: { text: string }) => text)).toEqual(['Run the tests.', 'Be very brief.'])
  const removed = await adjust('remove', [{ text: 'Run the tests.' }, { text: 'Never there.' }])
  expect([conflictsOf(removed), textsOf(removed)]).toEqual([['not_found'], ['Be thorough.']])
  expect(textsOf(await adjust('replace', [{ text: 'In German.' }], { version: 3, cause: 'A new start' }))).toEqual(['In German.'])
  expect(await adjust('append', [{ text: 'Late.' }], { version: 3 })).toMatchObject({ status: 409 })
  for (const [strategy, rules] of [['merge', [{ text: 'x' }]], ['append', [{ text: '' }]], ['append', [{ text: 'x'.repeat(1_001) }]], ['append', [{ key: 'No Key', text: 'x' }]], ['override', [{ text: 'Without a key.' }]]] as const) {
    expect(await adjust(strategy, [...rules])).toMatchObject({ status: 400, body: { code: 'INVALID_PARAMETERS' } })
  }
  const { body: history } = await api.get('/behavior/history?scope=user&limit=2')
  expect(history.items.map(({ version, by, cause }: Record<string, unknown>) => [version, by, cause])).toEqual([[4, 'script', 'A new start'], [3, 'script', 'Rules removed']])
  expect((await api.get(`/behavior/history?scope=user&cursor=${encodeURIComponent(history.nextCursor)}`)).body.items).toHaveLength(2)
  expect((await api.get('/behavior/diff?scope=user&from=1&to=2')).body).toMatchObject({ changed: [{ before: { text: 'Be brief.' }, after: { text: 'Be thorough.' } }], added: [], removed: [] })
  expect(textsOf(await api.post('/behavior/revert', { scope: 'user', version: 1 }))).toEqual(['Be brief.', 'Run the tests.'])
})
