// `npm run serve -- <args>`: the headless host. Its stdout carries the ready JSON line and nothing of ours.
import { startHost } from './host.mjs'
import { ensureBuilt, ensureInstalled, main } from './setup.mjs'

await main(async () => {
  await ensureInstalled()
  await ensureBuilt()
  startHost(['serve', ...process.argv.slice(2)], 'inherit')
})
