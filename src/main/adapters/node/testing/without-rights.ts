// What someone without rights gets. Root gives them up first.
import { register } from 'node:module'
register('./resolve-source.mjs', import.meta.url)

const { createFolders } = await import('../folders.ts')
if (process.getuid?.() === 0) process.setuid?.(65_534)
const folder = await createFolders({ binFolder: '/tmp/trestle-no-such-bin', tracesFolder: '/trestle-no-such-folder' }).open(process.argv[2] ?? '')
const failure = (work: Promise<unknown>) => work.then(() => 'done', (error: { code: string; message: string }) => `${error.code}: ${error.message}`)

process.stdout.write(JSON.stringify({
  write: await failure(folder.writeText('locked/new', 'y', null)),
  writeDeep: await failure(folder.writeText('locked/a/new', 'y', null)),
  move: await failure(folder.move('locked/file', 'open/file')),
  remove: await failure(folder.moveToBin('locked/file', 'one')),
  read: await failure(folder.readText('open/unreadable', 10)),
  overwrite: await failure(folder.writeText('open/read-only', 'y', folder.hashText('x'))),
}))
