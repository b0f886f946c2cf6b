// `npm start`: the desktop app where Electron can run, else the same app in the browser.
// `npm run demo` (argument `demo`): the browser, with the demo data.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { startHost, supervise } from './host.mjs'
import { desktopMissing, displayMissing, electronPath, ensureBuilt, ensureInstalled, main, root, say, tryInstallElectron } from './setup.mjs'

await main(async () => {
  const [command = 'serve', ...args] = process.argv.slice(2)
  await ensureInstalled()
  const reason = command === 'demo' ? null : await whyNoDesktop()
  await ensureBuilt()
  if (command !== 'demo' && reason === null) return supervise(electronPath(), [root, ...args])
  if (reason !== null) say(`${reason}, so Trestle opens in the browser`)
  openWhenReady(startHost([command, ...args], 'pipe').stdout)
})

async function whyNoDesktop() {
  if (process.platform === 'linux' && process.getuid?.() === 0) return 'Electron does not run as root'
  if (displayMissing() === null && electronPath() === null) await tryInstallElectron()
  return desktopMissing()
}

function openWhenReady(stdout) {
  createInterface({ input: stdout }).on('line', (line) => {
    const url = readyUrl(line)
    if (url === null) return console.log(line)
    console.log(`Trestle is at ${url} (Ctrl+C stops it)`)
    if (!process.env.CI && displayMissing() === null) openBrowser(url)
  })
}

function readyUrl(line) {
  try {
    return JSON.parse(line)?.url ?? null
  } catch {
    return null
  }
}

function openBrowser(url) {
  const [command, ...args] = { darwin: ['open'], win32: ['rundll32', 'url.dll,FileProtocolHandler'] }[process.platform] ?? ['xdg-open']
  // The url is printed already, so a missing opener is not worth a word.
  spawn(command, [...args, url], { stdio: 'ignore', detached: true }).on('error', () => {}).unref()
}
