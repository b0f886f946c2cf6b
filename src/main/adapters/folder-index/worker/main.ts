import { parentPort } from 'node:worker_threads'
import { errnoOf } from '../../shared/directory'
import { type IndexedFolder, openIndexedFolder } from './folder'
import type { Reply, Request } from './protocol'

/** Folders that nobody watches are kept for the next question, this many of them. */
const MOST_IDLE = 2

/** The thread of the folder index. Never lets an error of a call end it. */
const port = parentPort
if (!port) throw new Error('this is a thread of the folder index')
const say = (reply: Reply) => { port.postMessage(reply) }

const folders = new Map<string, IndexedFolder>()
const watched = new Set<string>()

/** The one used last is at the end. */
function folderAt(root: string): IndexedFolder {
  const folder = folders.get(root) ?? openIndexedFolder(root, (change) => {
    if (watched.has(root)) say({ root, change })
  })
  folders.delete(root)
  folders.set(root, folder)
  const idle = [...folders.keys()].filter((path) => !watched.has(path) && path !== root)
  for (const path of idle.slice(0, Math.max(0, idle.length - MOST_IDLE))) {
    folders.get(path)?.close()
    folders.delete(path)
  }
  return folder
}

function answer(request: Request): unknown {
  switch (request.kind) {
    case 'list':
      return folderAt(request.root).list(request.path)
    case 'find':
      return folderAt(request.root).find(request)
    case 'watch':
      watched.add(request.root)
      folderAt(request.root).tellAgain()
      return null
    case 'unwatch':
      watched.delete(request.root)
      return null
  }
}

port.on('message', (request: Request) => {
  try {
    say({ id: request.id, result: answer(request) })
  } catch (error) {
    say({ id: request.id, error: { code: errnoOf(error), message: error instanceof Error ? (error.stack ?? error.message) : String(error) } })
  }
})
