import { parentPort, workerData } from 'node:worker_threads'
import type { Answered, ScriptStart } from './protocol'
import { runInside } from './run-inside'

const port = parentPort
if (!port) throw new Error('this is a thread')
// One script per thread: it can be ended in the middle, and what it did to its memory ends with it.
const early: Answered[] = []
const wait = (answered: Answered) => { early.push(answered) }
port.on('message', wait)
void runInside(workerData as ScriptStart, (said) => port.postMessage(said)).then((answer) => {
  port.off('message', wait)
  port.on('message', answer)
  early.forEach(answer)
})
