import { setTimeout } from 'node:timers/promises'
import type { Api } from './api'

const fact = (name: string, type: string, attribute: string, value: string) => ({ kind: 'fact', about: { name, type }, attribute, value })
const relation = (from: string, type: string, to: string) => ({ kind: 'relation', from: { name: from }, type, to: { name: to } })

/** What is remembered of a harbour: of every kind, trusted and not, and what it says of things. */
export async function seedMemory(api: Api): Promise<string> {
  const workspaceId: string = (await api.get('/workspaces')).body.items[0].id
  const here = { scope: 'workspace', workspaceId }
  const items = [
    { text: 'I prefer short answers, in German.', kind: 'user', tags: ['style'] },
    { text: 'The harbour server listens on port 3000.', ...here, tags: ['server', 'harbour'], pinned: true },
    { text: 'The build fails on CI because of the cache', kind: 'solution', ...here, tags: ['ci'], solution: { problem: 'The build fails on CI', steps: ['Clear the cache'], outcome: 'It builds.' } },
    { text: 'A page says that the crane is blue.', trust: 'untrusted', tags: ['harbour'] },
    { text: 'The key is sk-proj-abcdefghijklmnopqrstuvwx.', tags: ['server'] },
  ]
  for (const item of items) await api.post('/memory/save', item)
  await api.post('/memory/graph', {
    ...here, statements: [
      fact('Harbour server', 'service', 'owner', 'Ana'), fact('Ana', 'person', 'city', 'Hamburg'), relation('Harbour server', 'runs on', 'Debian 12'), relation('Harbour server', 'reads from', 'Tide database'),
      relation('Ana', 'maintains', 'Harbour server'), relation('Ana', 'works with', 'Ben'), fact('Tide database', 'database', 'version', '17'), relation('Ben', 'maintains', 'Tide database'), relation('Crane', 'stands on', 'North pier'),
    ],
  })
  // The newest change is one of its own, on every clock.
  await setTimeout(20)
  await api.post('/memory/graph', { ...here, statements: [{ kind: 'entity', about: { name: 'Harbour server', type: 'service' }, aliases: ['harbord'] }] })
  return workspaceId
}
