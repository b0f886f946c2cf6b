// `npm run build`: both hosts and the window, from scratch.
import { build, ensureInstalled, main } from './setup.mjs'

await main(async () => {
  await ensureInstalled()
  await build('show')
})
