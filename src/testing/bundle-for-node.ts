import { join, resolve } from 'node:path'
import { build } from 'vite'
import { nativePackages } from '../../scripts/native-packages.mjs'
import { threadPlugin } from '../../scripts/thread-plugin.mjs'

/** Bundles a source file with its packages, native ones left out, so that plain Node starts it quickly. Returns the program's path. */
export async function bundleForNode(source: string, folder: string): Promise<string> {
  const outDir = resolve('node_modules', '.cache', 'trestle-tests', folder.split('/').at(-1) ?? 'bundle')
  await build({
    configFile: false, logLevel: 'error', plugins: [threadPlugin()],
    ssr: { noExternal: true, external: [...nativePackages] },
    build: { ssr: source, outDir, target: 'node22', minify: false, emptyOutDir: true, rollupOptions: { output: { entryFileNames: 'program.mjs' } } },
  })
  return join(outDir, 'program.mjs')
}
