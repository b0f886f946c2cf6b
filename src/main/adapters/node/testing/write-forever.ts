// Writes two versions of a file in turn until it is killed.
import { register } from 'node:module'
register('./resolve-source.mjs', import.meta.url)

const { createFolders } = await import('../folders.ts')
const [root = '', binFolder = '', tracesFolder = ''] = process.argv.slice(2)
const folder = await createFolders({ binFolder, tracesFolder }).open(root)
for (let turn = 0; ; turn++) {
  const hash = await folder.hash('file')
  await folder.writeText('file', (turn % 2 === 0 ? 'b' : 'a').repeat(2 * 1024 * 1024), hash)
  if (turn === 0) process.send?.('started')
}
