// Loaded before a program, writes down every file that is loaded as code after it. For tests alone.
import { appendFileSync } from 'node:fs'
import { registerHooks } from 'node:module'

registerHooks({
  load: (url, context, next) => {
    if (url.startsWith('file:')) appendFileSync(process.env.TRESTLE_LOADED, `${url}\n`)
    return next(url, context)
  },
})
