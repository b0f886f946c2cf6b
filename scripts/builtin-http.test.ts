import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { builtinHttp } from './builtin-http.mjs'

/** What a process that takes `createServer` from `source` has loaded of the client behind `fetch`. */
function clientLoadedBy(source: string): string[] {
  const script = `import { createServer } from ${JSON.stringify(source)}
    if (typeof createServer !== 'function') throw new Error('no server')
    console.log(JSON.stringify(process.moduleLoadList))`
  const loaded = JSON.parse(execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' })) as string[]
  return loaded.filter((name) => name.includes('undici'))
}

it('gives what a server needs of node:http, without the client that an import of it loads', () => {
  const plugin = builtinHttp()
  const id = plugin.resolveId('node:http')
  expect(plugin.resolveId('http')).toBe(id)
  expect(plugin.resolveId('node:https')).toBeNull()
  expect(clientLoadedBy('node:http')).not.toEqual([])
  expect(clientLoadedBy(`data:text/javascript,${encodeURIComponent(plugin.load(id) ?? '')}`)).toEqual([])
})
