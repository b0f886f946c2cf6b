import { writeSync } from 'node:fs'
import { join } from 'node:path'
import { isAppError } from '#core/errors'
import { openStore } from '../open-store'
import { at, entrySample, eventSample, runSample, sessionSample, stepSample, usage } from './samples'

const [mode, folder = ''] = process.argv.slice(2)
const say = (line: string) => writeSync(1, `${line}\n`)
const logger = { debug() {}, info() {}, warn() {}, error() {} }

try {
  const { store } = openStore({
    path: join(folder, 'trestle.db'), backupFolder: join(folder, 'backups'), newId: () => 'id', logger,
    clock: { now: () => at, after: () => () => {} },
  })
  say('ready')
  // Ends with the test that started it, however that ends.
  if (mode === 'hold') process.stdin.on('end', () => process.exit()).resume()
  store.sessions.insert(sessionSample('s1'))
  store.runs.insert(runSample('r1'))
  for (let number = 1; mode === 'write'; number += 1) {
    const entry = entrySample(`e${number}`, number === 1 ? null : `e${number - 1}`)
    const seq = store.transaction(() => {
      const step = store.steps.insert(stepSample(`t${number}`))
      store.journal.append(entry, 's1-head')
      store.steps.finish(step.id, { state: 'completed', entryId: entry.id, endedAt: at, usage, costUsd: 0.5, error: null })
      store.runs.addUsage('r1', usage, 0.5)
      const event = eventSample(store.events.nextSeq(), 'session.entry', { entry, headId: 's1-head' })
      store.events.append(event)
      return event.seq
    })
    say(`${number} ${seq}`)
  }
} catch (error) {
  say(isAppError(error) ? error.code : String(error))
}
