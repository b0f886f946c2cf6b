import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const writer = fileURLToPath(new URL('writer-process.ts', import.meta.url))

/** Node runs the sources themselves; only their imports without extension, and those of threads, need help. */
const resolver = `data:text/javascript,${encodeURIComponent(`
import { registerHooks } from 'node:module'
registerHooks({
  resolve(specifier, context, next) {
    if (specifier.endsWith('?thread')) return { url: new URL(specifier.replace('?', '.ts?'), context.parentURL).href, format: 'module', shortCircuit: true }
    for (const ending of ['', '.ts', '/index.ts']) {
      try { return next(specifier + ending, context) } catch (error) { if (ending === '/index.ts' || !specifier.startsWith('.')) throw error }
    }
  },
  load(url, context, next) {
    if (!url.endsWith('?thread')) return next(url, context)
    const source = JSON.stringify('import(' + JSON.stringify(url.slice(0, -'?thread'.length)) + ')')
    return { format: 'module', source: 'export const source = ' + source, shortCircuit: true }
  },
})`)}`

export interface WriterProcess {
  /** Resolves with the next line of its output; null at its end. */
  line(): Promise<string | null>
  /** kill -9; resolves with every line that it had written until then and was not read yet. */
  kill(): Promise<readonly string[]>
}

/**
 * A real process that opens the profile in `folder`: `hold` keeps it open, `write` writes and acknowledges without end,
 * `remember` does so with items of the memory and vectors, `embed` makes the vectors of another model for all items,
 * `index` changes items without end while a thread takes them into the index of words.
 * Kill it when the test is over.
 */
export function startWriter(mode: 'hold' | 'write' | 'remember' | 'embed' | 'index', folder: string): WriterProcess {
  const child = spawn(process.execPath, ['--import', resolver, '--no-warnings', writer, mode, folder], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = linesOf(child)
  return {
    line: async () => (await lines.next()).value ?? null,
    async kill() {
      if (child.exitCode === null && child.signalCode === null) {
        const exited = once(child, 'exit')
        child.kill('SIGKILL')
        await exited
      }
      const rest: string[] = []
      for await (const line of lines) rest.push(line)
      return rest
    },
  }
}

/** Whole lines only: what a kill cut off was not acknowledged. */
async function* linesOf(child: ChildProcess): AsyncGenerator<string, void, void> {
  let pending = ''
  for await (const chunk of child.stdout ?? []) {
    const parts = (pending + String(chunk)).split('\n')
    pending = parts.pop() ?? ''
    yield* parts
  }
}
