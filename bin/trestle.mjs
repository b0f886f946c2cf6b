#!/usr/bin/env node
// The `trestle` command: loads the built headless host, with V8's compiled code kept beside it.
import { existsSync } from 'node:fs'
import module from 'node:module'
import { fileURLToPath } from 'node:url'

const host = new URL('../out/headless/cli.js', import.meta.url)
const [major, minor] = process.versions.node.split('.').map(Number)
const tooOld = major < 22 || (major === 22 && minor < 12)

if (tooOld || !existsSync(host)) {
  // Only on the way to a first start, so that a normal one loads nothing but the host.
  const { ensureBuilt, ensureInstalled, main } = await import('../scripts/setup.mjs')
  const { startHost } = await import('../scripts/host.mjs')
  await main(async () => {
    await ensureInstalled()
    await ensureBuilt()
    startHost(process.argv.slice(2), 'inherit')
  })
} else {
  // Not Node's default folder: that one is in the shared temporary folder, where others can write.
  module.enableCompileCache(fileURLToPath(new URL('../out/.compile-cache', import.meta.url)))
  await import(host.href)
}
