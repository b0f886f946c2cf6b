// `npm run bench [-- name...]`: each workload in a Node process of its own; stdout is JSON lines.
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { threadPlugin } from '../scripts/thread-plugin.mjs'
import { ensureBuilt, ensureInstalled, main, nodePath, root, run, say, SetupError } from '../scripts/setup.mjs'

const suffix = '.bench.ts'
// Outside the peers' package: what it brings of our own packages may be older. One for each run, so that two do not empty it under each other.
const out = join(root, 'node_modules', '.cache', 'trestle-bench', String(process.pid))

await main(async () => {
  const names = chosen(process.argv.slice(2))
  await ensureInstalled()
  // `npm ci` insists on packages for other systems that one of them never published.
  await ensureInstalled('bench/peers', ['install', '--no-save'])
  await ensureBuilt()
  await bundle(names)
  for (const name of names) {
    say(`bench ${name}`)
    const { code } = await run(nodePath(), ['--expose-gc', join(out, `${name}.js`)], { output: 'show' })
    if (code === 0) continue
    say(`bench ${name} ended with ${code}`)
    process.exitCode = 1
  }
  rmSync(out, { recursive: true, force: true })
})

function chosen(asked) {
  const all = readdirSync(join(root, 'bench', 'workloads')).flatMap((file) => (file.endsWith(suffix) ? [file.slice(0, -suffix.length)] : []))
  const unknown = asked.find((name) => !all.includes(name))
  if (unknown) throw new SetupError(`no workload ${unknown}; there are ${all.join(', ')}`)
  return asked.length > 0 ? asked : all
}

/** Our own sources only: packages, ours and the peers', are loaded as they were published. */
async function bundle(names) {
  const { build } = await import('vite')
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    plugins: [threadPlugin()],
    build: {
      ssr: true,
      outDir: out,
      target: 'node22',
      rollupOptions: {
        input: Object.fromEntries(names.map((name) => [name, join(root, 'bench', 'workloads', `${name}${suffix}`)])),
        external: isPackage,
      },
    },
  })
}

function isPackage(id) {
  return !/^([.#/\0]|[A-Za-z]:)/.test(id)
}
