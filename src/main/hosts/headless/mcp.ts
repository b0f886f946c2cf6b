import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { AppError, isAppError } from '#core/errors'
import { composeRuntime } from '../shared/compose-runtime'
import { createFaceClient } from '../shared/mcp-face/client'
import { faceSocketPath } from '../shared/mcp-face/socket'
import { prepareProfile } from '../shared/profile'
import { defaultProfilePath } from '../shared/profile-path'
import { version } from '../shared/version'

const closed = 'Trestle does not let MCP clients in. A person can change that in Settings, MCP servers.'

/** Speaks the protocol over stdin and stdout: for the Trestle that runs on this profile, or else for one that is started for it, without a window. */
export async function serveMcp(profileOption: string | null, environment: Readonly<Record<string, string | undefined>>): Promise<void> {
  const profile = await prepareProfile(profileOption ?? defaultProfilePath(process.platform, environment))
  const socket = await reach(faceSocketPath(profile))
  if (socket) return pass(socket)
  const composed = openOwn(profile, environment)
  try {
    const client = createFaceClient(composed.runtime.router)
    if ((await client.settings.get({})).mcpServer.access === 'off') throw new AppError('PERMISSION_DENIED', closed)
    await composed.runtime.start()
    const { serveFace } = await import('../shared/mcp-face/face')
    await serveFace({ client, visitors: composed.runtime.mcpVisitors, version }, process.stdin, process.stdout)
  } finally {
    await composed.runtime.stop(0)
    await composed.close()
  }
}

function openOwn(profile: string, environment: Readonly<Record<string, string | undefined>>) {
  try {
    return composeRuntime({ profile, environment, ownPorts: () => [], host: { kind: 'headless', version, platform: process.platform, pickFolder: null } })
  } catch (error) {
    // It runs, and did not open its door.
    if (isAppError(error) && error.code === 'PROFILE_IN_USE') throw new AppError('PROFILE_IN_USE', closed, { cause: error })
    throw error
  }
}

async function reach(path: string): Promise<Socket | null> {
  const socket = connect({ path, allowHalfOpen: true })
  try {
    await once(socket, 'connect')
    return socket
  } catch {
    return null
  }
}

async function pass(socket: Socket): Promise<void> {
  socket.on('error', () => undefined)
  process.stdin.pipe(socket)
  socket.pipe(process.stdout)
  await once(socket, 'close')
}
