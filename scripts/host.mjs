// Starts the headless host as a child that gets our signals and gives us its exit code.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { env, nodePath, root } from './setup.mjs'

/** @param {'inherit' | 'pipe'} stdout where the host's ready line goes */
export function startHost(args, stdout) {
  return supervise(nodePath(), [join(root, 'bin', 'trestle.mjs'), ...args], stdout)
}

/** When the child ends, so does this process, in the same way. */
export function supervise(command, args, stdout = 'inherit') {
  const child = spawn(command, args, { env: env(), stdio: ['inherit', stdout, 'inherit'] })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // A terminal sends Ctrl+C to the child as well, and hosts take the second one for "at once".
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    })
  }
  child.on('error', (error) => {
    process.stderr.write(`trestle: ${command} could not be started: ${error.message}\n`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
  return child
}
