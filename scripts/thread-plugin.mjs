import { dirname, resolve } from 'node:path'
import { build } from 'vite'

const suffix = '?thread'

/**
 * `import { source } from './main?thread'`: the file bundled with all that it imports into one script, as text. A thread that
 * is started from it is the same under every bundler, in tests and in the packaged app, and needs no file of its own.
 * Native packages stay out: the thread is told where they are.
 */
export function threadPlugin() {
  return {
    name: 'trestle-thread',
    enforce: 'pre',
    resolveId(source, importer) {
      if (!source.endsWith(suffix)) return null
      if (source.startsWith('\0') || !importer) return source
      return `\0${resolve(dirname(importer), source.slice(0, -suffix.length))}.ts${suffix}`
    },
    async load(id) {
      if (!id.startsWith('\0') || !id.endsWith(suffix)) return null
      const entry = id.slice(1, -suffix.length)
      const result = await build({
        configFile: false, logLevel: 'error', publicDir: false,
        ssr: { noExternal: true },
        build: { ssr: entry, write: false, target: 'node22', minify: false, rollupOptions: { output: { format: 'cjs', codeSplitting: false } } },
      })
      const { output } = Array.isArray(result) ? result[0] : result
      for (const path of Object.keys(output[0].modules ?? {})) if (!path.startsWith('\0')) this.addWatchFile(path)
      return `export const source = ${JSON.stringify(output[0].code)}`
    },
  }
}
