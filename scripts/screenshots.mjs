// `npm run screenshots [-- --update-snapshots]`: compares every view with docs/screenshots, or takes the pictures anew.
import { listScreenshots } from './screenshot-list.mjs'
import { ensureBuilt, ensureChromium, ensureInstalled, main, run, SetupError } from './setup.mjs'

await main(async () => {
  await ensureInstalled()
  await ensureBuilt()
  const chromium = await ensureChromium()
  if (chromium.path === null) throw new SetupError(chromium.reason)
  const { code } = await run('playwright', ['test', '--project=screenshots', ...process.argv.slice(2)], { output: 'show', extraEnv: { TRESTLE_CHROMIUM: chromium.path } })
  if (process.argv.some((argument) => argument.startsWith('--update-snapshots') || argument === '-u')) await listScreenshots('docs/screenshots')
  process.exitCode = code
})
