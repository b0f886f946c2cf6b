import { parentPort, workerData } from 'node:worker_threads'
import { toReadable } from './to-readable'
import type { ReadRequest } from './protocol'

// One page per thread: it can be ended in the middle, and what it did to its memory ends with it.
const { html, url } = workerData as ReadRequest
parentPort?.postMessage(toReadable(html, url))
