// `npm run typecheck [-- layer...]`: every layer under its own tsconfig, which is what keeps the layers apart.
import { ensureInstalled, main, run } from './setup.mjs'

const layers = ['core', 'main', 'preload', 'renderer', 'test']

await main(async () => {
  await ensureInstalled()
  const asked = process.argv.slice(2)
  const queue = asked.length > 0 ? asked : [...layers]
  const worker = async () => {
    for (let layer = queue.shift(); layer; layer = queue.shift()) {
      const { code, output } = await run('tsc', ['-p', `tsconfig.${layer}.json`])
      process.stdout.write(output)
      if (code !== 0) process.exitCode = 1
    }
  }
  await Promise.all([worker(), worker()])
})
