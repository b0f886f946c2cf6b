// What every script needs before its own work: packages, a build, a Node that is new enough, a browser.
// Runs on Node 20 of a fresh clone, so nothing here may import a package at the top.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))
const at = (...parts) => join(root, ...parts)
const onWindows = process.platform === 'win32'

/** A failure that the user can act on: shown as one line, without a stack. */
export class SetupError extends Error {}

/** Progress goes to stderr: stdout belongs to whatever the script starts. */
export function say(line) {
  process.stderr.write(`trestle: ${line}\n`)
}

/** Runs a script's main function; any failure is one line and exit code 1. */
export async function main(run) {
  try {
    await run()
  } catch (error) {
    say(error instanceof SetupError ? error.message : `unexpected failure: ${error?.stack ?? error}`)
    process.exit(1)
  }
}

/** The environment in which the project's own commands, and the Node they start with, come first. */
export function env(extra = {}) {
  return { ...process.env, PATH: at('node_modules', '.bin') + delimiter + process.env.PATH, ...extra }
}

/**
 * Runs a command of the project to its end and never rejects; a missing command is code 127, a timeout 124.
 * @param {{output?: 'collect' | 'show', extraEnv?: object, minutes?: number}} options
 * @returns {Promise<{code: number, output: string}>}
 */
export function run(command, args, { output = 'collect', extraEnv, minutes = 20 } = {}) {
  return new Promise((resolve) => {
    const show = output === 'show'
    const child = spawn(command, args, {
      cwd: root,
      env: env(extraEnv),
      shell: onWindows,
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
    })
    const chunks = []
    child.stdout?.on('data', (chunk) => chunks.push(chunk))
    child.stderr?.on('data', (chunk) => chunks.push(chunk))
    const onTerminate = () => {
      child.kill('SIGTERM')
      process.exit(143)
    }
    process.once('SIGTERM', onTerminate)
    const finish = (code) => {
      clearTimeout(timer)
      process.off('SIGTERM', onTerminate)
      resolve({ code, output: Buffer.concat(chunks).toString() })
    }
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      finish(124)
    }, minutes * 60_000)
    child.on('error', () => finish(127))
    child.on('close', (code) => finish(code ?? 1))
  })
}

async function runOrFail(command, args, failure, options) {
  const { code, output } = await run(command, args, options)
  if (code === 0) return
  process.stderr.write(output)
  throw new SetupError(`${failure} (\`${command} ${args.join(' ')}\` ended with ${code})`)
}

/** Installs the packages of `folder` with `npm ci`, or `how` else, unless that was done for this lock file already. */
export async function ensureInstalled(folder = '.', how = ['ci']) {
  const stamp = at(folder, 'node_modules', '.trestle-lock')
  const lock = at(folder, 'package-lock.json')
  const hash = createHash('sha256').update(readFileSync(lock)).digest('hex')
  if (read(stamp) === hash) return
  if (existsSync(stamp) || !installedByHand(folder, lock)) {
    say(`installing packages${folder === '.' ? '' : ` for ${folder}`}, about a minute`)
    const failure = 'the packages could not be installed; is the network reachable?'
    await runOrFail('npm', [...how, '--loglevel=error', '--prefix', at(folder)], failure)
  }
  writeFileSync(stamp, hash)
}

/** npm writes its hidden lock file last: where it is the newer one, someone's `npm install` was complete. */
function installedByHand(folder, lock) {
  const hidden = at(folder, 'node_modules', '.package-lock.json')
  return existsSync(hidden) && statSync(hidden).mtimeMs >= statSync(lock).mtimeMs
}

const buildInputs = ['src', 'resources', 'package.json', 'package-lock.json', 'electron.vite.config.ts', 'vite.headless.config.ts', 'scripts/native-packages.mjs']

/** Builds both hosts and the window, unless `out/` was built from exactly these sources. */
export async function ensureBuilt() {
  if (read(at('out', '.stamp')) === sourcesHash()) return
  say('building')
  await build()
}

export async function build(output = 'collect') {
  const hash = sourcesHash()
  rmSync(at('out', '.stamp'), { force: true })
  const failure = 'the build failed'
  await runOrFail('electron-vite', ['build', '--logLevel', 'warn'], failure, { output })
  await runOrFail('vite', ['build', '--config', 'vite.headless.config.ts', '--logLevel', 'warn'], failure, { output })
  mkdirSync(at('out'), { recursive: true })
  writeFileSync(at('out', '.stamp'), hash)
}

function sourcesHash() {
  const hash = createHash('sha256')
  for (const input of buildInputs) {
    for (const file of filesUnder(input)) hash.update(`${file}\0`).update(readFileSync(at(file))).update('\0')
  }
  return hash.digest('hex')
}

/** Sorted, so that the hash does not depend on the file system; tests do not reach the build. */
function filesUnder(path) {
  if (!existsSync(at(path))) return []
  if (!statSync(at(path)).isDirectory()) return [path]
  const names = readdirSync(at(path)).sort()
  return names.filter((name) => !/\.test\.tsx?$/.test(name)).flatMap((name) => filesUnder(`${path}/${name}`))
}

function read(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

/** The Node to run the product on. Node 20 would crash in better-sqlite3, so it is refused here. */
export function nodePath() {
  const own = at('node_modules', '.bin', 'node')
  if (existsSync(own)) return own
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 12)) return process.execPath
  throw new SetupError(`Node 22.12 or newer is needed, this is ${process.versions.node}: see https://nodejs.org`)
}

/**
 * Finds a Chromium, or gets one.
 * @returns {Promise<{path: string} | {path: null, reason: string}>}
 */
export async function ensureChromium() {
  const found = await findChromium()
  if (found) return { path: found }
  say('getting Chromium for the browser tests')
  const asRoot = process.getuid?.() === 0
  if (asRoot && spawnSync('apt-get', ['--version']).status === 0) {
    const quiet = { extraEnv: { DEBIAN_FRONTEND: 'noninteractive' }, minutes: 10 }
    await run('apt-get', ['update', '-qq'], quiet)
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], quiet)
  }
  if (!(await findChromium())) await run('playwright', ['install', 'chromium'], { minutes: 10 })
  const path = await findChromium()
  return path ? { path } : { path: null, reason: 'no Chromium here, and neither apt-get nor Playwright could install one' }
}

async function findChromium() {
  const asked = process.env.TRESTLE_CHROMIUM
  if (asked && !existsSync(asked)) throw new SetupError(`TRESTLE_CHROMIUM is ${asked}, which does not exist`)
  const { chromium } = await import('@playwright/test')
  return [asked, '/usr/bin/chromium', '/usr/bin/google-chrome', chromium.executablePath()].find((path) => path && existsSync(path))
}

/** Electron's binary, or null: its package comes without. */
export function electronPath() {
  const name = read(at('node_modules', 'electron', 'path.txt'))
  const path = name && at('node_modules', 'electron', 'dist', name)
  return path && existsSync(path) ? path : null
}

/** Why the desktop host cannot run here, or null when it can. */
export function desktopMissing() {
  return electronPath() === null ? "Electron's binary is not installed" : displayMissing()
}

export function displayMissing() {
  const hasDisplay = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY
  return hasDisplay ? null : 'there is no display'
}

/** Tried once per install of the packages: where the download is blocked, every start would wait for it. */
export async function tryInstallElectron() {
  const failed = at('node_modules', '.trestle-no-electron')
  if (existsSync(failed)) return
  say("getting Electron's binary")
  const { code } = await run('install-electron', [], { minutes: 2 })
  if (code !== 0) writeFileSync(failed, `install-electron ended with ${code}\n`)
}
