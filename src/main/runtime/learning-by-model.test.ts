import { expect, it } from 'vitest'
import { LEARN_PROMPT_START } from '#core/memory/agent/learn-by-model'
import { readTool, startTestRuntime } from '../../testing/test-runtime'

/** A runtime whose model answers the question what is worth remembering with what `learnt` says, after it has read a file where `reads`. */
async function start({ reads = false, review = 'untrusted' as const, sentiment = false } = {}) {
  const learnt = { answer: '[]', asked: [] as string[], systems: [] as string[] }
  const testing = startTestRuntime({
    tools: [readTool(() => Promise.resolve({ content: 'The page says CANARY.' }))],
    script: ({ system, messages }) => {
      if (system.startsWith(LEARN_PROMPT_START)) {
        learnt.asked.push(JSON.stringify(messages))
        learnt.systems.push(system)
        return { text: learnt.answer }
      }
      return reads && messages.at(-1)?.role === 'user' ? { toolCalls: [{ name: 'read', arguments: {} }] } : { text: 'I have looked at the harbour, at its cranes and at who works there, and all is well.' }
    },
  })
  await testing.runtime.start()
  const { client } = testing
  const { learning } = await client.settings.get({})
  await client.settings.put({ learning: { ...learning, learn: 'model', review, sentiment } })
  const session = await client.sessions.create({ workspaceId: 'workspace' })
  /** A turn, and what the model says of it afterwards. */
  const turn = async (text: string, answer: string) => {
    learnt.answer = answer
    const { runId } = await client.sessions.send({ id: session.id, text })
    await testing.until((event) => event.topic === 'run.update' && event.payload.run.id === runId && event.payload.run.endedAt !== null, 0)
    await testing.runtime.settled()
  }
  const texts = async (state: 'active' | 'all' = 'active') => (await client.memory.query({ mode: 'words', sort: 'created', state })).items.map(({ item: { kind, scope, trust, text } }) => [kind, scope, trust, text]).reverse()
  const proposed = async () => (await client.memory.reviews({})).items.map(({ proposal }) => (proposal.action === 'create' ? proposal.draft.text : proposal.action))
  return { ...testing, turn, texts, proposed, learnt }
}

const note = (text: string, more: object = {}) => ({ kind: 'fragment', scope: 'workspace', text, ...more })
const QUESTION = 'How many cranes does the harbour have, and who looks after them in the winter?'

it('takes nothing from an answer that is no list of notes, however it looks', async () => {
  const { turn, texts, proposed, runtime, store } = await start()
  const junk = [
    '', 'Nothing.', '[', ']', '[[[[', '{"text":"alone"}', 'null', '[null, 7, "text", [], {}]', '[{"text": ""}]', '[{"text": 7}]', '[{"text":"x"}', `[${'['.repeat(5_000)}${']'.repeat(5_000)}]`,
    JSON.stringify([note('x'.repeat(501))]), JSON.stringify([note('ab')]), JSON.stringify({ notes: 'see [below]' }),
  ]
  for (const answer of junk) await turn(QUESTION, answer)
  expect([await texts('all'), await proposed(), store.learning.waiting(10)]).toEqual([[], [], []])
  await runtime.stop(0)
})

it('takes what is a note out of what is not, bounded, with what cannot be meant left out', async () => {
  const { turn, client, texts, runtime } = await start()
  const many = Array.from({ length: 30 }, (_none, index) => note(`Crane ${['one', 'two', 'three', 'four', 'five'][index] ?? index} is looked after by ${['Ana', 'Ben', 'Cleo', 'Dan', 'Eve'][index] ?? index}`))
  await turn(QUESTION, `Here you are:\n\`\`\`json\n${JSON.stringify([note('The harbour has five cranes', { kind: 'rule', scope: 'planet', importance: 99, tags: ['x'.repeat(99)], trust: 'person', pinned: true, updates: 'no-such-item', says: [{ kind: 'fact' }, 'junk', { kind: 'fact', about: { name: 'harbour' }, attribute: 'cranes', value: 'five' }] }), ...many])}\n\`\`\``)
  const items = await texts()
  expect(items).toHaveLength(5)
  expect(items[0]).toEqual(['fragment', 'workspace', 'agent', 'The harbour has five cranes'])
  const [first] = (await client.memory.query({ q: 'harbour five', mode: 'words' })).items
  expect(first?.item).toMatchObject({ importance: 0.5, tags: [], pinned: false, statements: [expect.objectContaining({ attribute: 'cranes', value: 'five' })] })
  await runtime.stop(0)
})

it('keeps once what is said twice, in one answer or in two, and brings up to date what is another now', async () => {
  const { turn, texts, runtime } = await start()
  await turn(QUESTION, JSON.stringify([note('The harbour server listens on port 3000'), note('the harbour server listens on port 3000!'), note('The harbour server listens on port 4000')]))
  expect(await texts()).toEqual([['fragment', 'workspace', 'agent', 'The harbour server listens on port 3000']])
  await turn(QUESTION, JSON.stringify([note('The harbour server listens on port 3000.')]))
  await turn(QUESTION, JSON.stringify([note('The harbour server listens on port 5000')]))
  expect(await texts()).toEqual([['fragment', 'workspace', 'agent', 'The harbour server listens on port 5000']])
  await runtime.stop(0)
})

it('does not write over what a person said, nor learn again what they had forgotten', async () => {
  const { turn, client, texts, proposed, learnt, runtime } = await start()
  const { item } = await client.memory.save({ text: 'The cranes of the harbour are looked after by Ana', scope: 'workspace', workspaceId: 'workspace' })
  const gone = (await client.memory.save({ text: 'The harbour has two cranes in the winter', scope: 'workspace', workspaceId: 'workspace' })).item
  await client.memory.forget({ id: gone.id })
  await turn(QUESTION, JSON.stringify([note('The cranes of the harbour are looked after by Ben', { updates: item.id }), note('The harbour has two cranes in the winter.'), note('In winter the harbour is closed', { updates: gone.id })]))
  expect(learnt.asked[0]).toContain(item.id)
  expect(learnt.asked[0]).not.toContain(gone.id)
  expect(await texts()).toEqual([['fragment', 'workspace', 'person', 'The cranes of the harbour are looked after by Ana'], ['fragment', 'workspace', 'agent', 'In winter the harbour is closed']])
  expect(await proposed()).toEqual(['The cranes of the harbour are looked after by Ben'])
  await runtime.stop(0)
})

it('what it says after it has read a file is nothing about the person before they agree, and marked where it is kept', async () => {
  const { turn, client, texts, proposed, learnt, runtime } = await start({ reads: true })
  await turn(`I prefer short answers. ${QUESTION}`, JSON.stringify([
    note('The user always wants CANARY', { kind: 'user', scope: 'user' }), note('Run CANARY in every folder', { scope: 'user' }), note('The harbour runs CANARY'),
    note('I prefer short answers', { kind: 'user', scope: 'user', says: [{ kind: 'fact', about: { name: 'You', type: 'person' }, attribute: 'wants', value: 'CANARY' }] }),
  ]))
  expect(learnt.asked[0]).not.toContain('The page says')
  expect(await texts()).toEqual([['user', 'user', 'agent', 'I prefer short answers.'], ['fragment', 'workspace', 'untrusted', 'The harbour runs CANARY']])
  expect((await proposed()).sort()).toEqual(['Run CANARY in every folder', 'The user always wants CANARY'])
  expect((await client.knowledge.query({ around: 'You' })).entities.flatMap(({ facts }) => facts.map(({ value }) => value))).not.toContain('CANARY')
  await runtime.stop(0)
})

it('what is sensitive in it is marked so, and not told to the model the next time', async () => {
  const { turn, client, learnt, runtime } = await start()
  await turn(QUESTION, JSON.stringify([note('The harbour password is hunter2secret')]))
  expect((await client.memory.query({ sensitivity: 'sensitive' })).items).toHaveLength(1)
  await turn(QUESTION, '[]')
  expect(learnt.asked[1]).not.toContain('hunter2secret')
  await runtime.stop(0)
})

const GRUMBLE = 'The Friday deployments of the harbour are a pain, really. How do we get rid of them for good?'
const felt = (feels: unknown, more: object = {}) => JSON.stringify([note('The Friday deployments of the harbour are a pain', { feels, tags: ['deploy'], ...more })])

async function tagsAfter(message: string, answer: string, options: { readonly sentiment?: boolean; readonly reads?: boolean } = { sentiment: true }) {
  const { turn, client, runtime, learnt } = await start(options)
  await turn(message, answer)
  const items = (await client.memory.query({ mode: 'words' })).items.map(({ item }) => item.tags)
  const found = (await client.memory.query({ mode: 'words', tags: ['sentiment: negative'] })).items.length
  await runtime.stop(0)
  return { tags: items, found, system: learnt.systems[0] ?? '' }
}

it('tags what a person said with how they felt about it, where that is wanted, and it is found by the tag', async () => {
  expect(await tagsAfter(GRUMBLE, felt('negative'))).toMatchObject({ tags: [['deploy', 'sentiment: negative']], found: 1, system: expect.stringContaining('"feels"') })
  const off = await tagsAfter(GRUMBLE, felt('negative', { tags: ['deploy', 'Sentiment: negative'] }), {})
  expect(off).toMatchObject({ tags: [['deploy']], found: 0, system: expect.not.stringContaining('feels') })
})

it.each([
  ['a feeling that is none', GRUMBLE, felt('furious')], ['a list', GRUMBLE, felt(['negative'])], ['a tag of its own making', GRUMBLE, felt(undefined, { tags: ['deploy', 'sentiment: negative'] })],
  ['what they did not say', QUESTION, felt('negative')], ['what they quoted', `Somebody wrote this, what do you make of it?\n> ${GRUMBLE}\n`, felt('negative')],
  ['a turn with a secret in it', `${GRUMBLE} The password is hunter2000`, felt('negative')],
])('says nothing of how a person felt by %s', async (_name, message, answer) => {
  expect(await tagsAfter(message, answer)).toMatchObject({ tags: [['deploy']], found: 0 })
})

it('never says of a fact about the person how they felt', async () => {
  expect((await tagsAfter(GRUMBLE, felt('negative', { kind: 'user', scope: 'user' }))).tags.flat()).not.toContain('sentiment: negative')
})

it('the newer feeling about the same takes the place of the older one', async () => {
  const { turn, client, runtime } = await start({ sentiment: true })
  await turn(GRUMBLE, felt('negative'))
  await turn('The Friday deployments of the harbour are a pain, but I have come to like them quite a lot by now.', felt('positive'))
  expect((await client.memory.query({ mode: 'words' })).items.map(({ item }) => item.tags)).toEqual([['deploy', 'sentiment: positive']])
  await runtime.stop(0)
})
