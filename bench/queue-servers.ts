import { execFileSync, spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A server of its own on loopback with its files in a folder of its own; null where it is not installed. */
export async function startRedis(appendfsync: 'always' | 'everysec') {
  const program = ['/usr/bin/redis-server', '/usr/local/bin/redis-server', '/opt/homebrew/bin/redis-server'].find(existsSync)
  if (!program) return null
  const folder = await mkdtemp(join(tmpdir(), 'trestle-redis-'))
  const port = await freePort()
  const child = spawn(program, ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--appendonly', 'yes', '--appendfsync', appendfsync, '--save', ''], { stdio: 'ignore' })
  await untilListens(port)
  return { port, stop: () => end(child, folder) }
}

export async function startPostgres() {
  const folders = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql').sort().reverse() : []
  const bin = folders.map((version) => join('/usr/lib/postgresql', version, 'bin')).find((folder) => existsSync(join(folder, 'initdb')))
  if (!bin) return null
  const folder = await mkdtemp(join(tmpdir(), 'trestle-postgres-'))
  const port = await freePort()
  // It refuses to run as root; any other user will do.
  const isRoot = process.getuid?.() === 0
  const ids = isRoot ? { uid: Number(execFileSync('id', ['-u', 'nobody'])), gid: Number(execFileSync('id', ['-g', 'nobody'])) } : {}
  if (ids.uid !== undefined) await chown(folder, ids.uid, ids.gid)
  await chmod(folder, 0o700)
  const data = join(folder, 'data')
  const environment = { ...process.env, HOME: folder }
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'bench', '--auth=trust'], { ...ids, env: environment, cwd: folder, stdio: 'ignore' })
  const child = spawn(join(bin, 'postgres'), ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', folder, '-c', 'fsync=on', '-c', 'synchronous_commit=on'], { ...ids, env: environment, cwd: folder, stdio: 'ignore' })
  await untilListens(port)
  await untilAnswers(join(bin, 'pg_isready'), port)
  return { connection: `postgres://bench@127.0.0.1:${port}/postgres`, stop: () => end(child, folder) }
}

async function end(child: ReturnType<typeof spawn>, folder: string): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGINT')
  await ended
  await rm(folder, { recursive: true, force: true })
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

async function untilAnswers(isReady: string, port: number): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    const code = await new Promise((resolve) => spawn(isReady, ['-q', '-h', '127.0.0.1', '-p', String(port)]).once('exit', resolve))
    if (code === 0) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('the server does not answer')
}

async function untilListens(port: number): Promise<void> {
  for (const deadline = performance.now() + 30_000; performance.now() < deadline;) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => { socket.end(); resolve(true) }).once('error', () => resolve(false))
    })
    if (open) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('the server did not start')
}
