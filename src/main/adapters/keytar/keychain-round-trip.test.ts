import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { bundleForNode } from '../../../testing/bundle-for-node'

const needed = ['dbus-run-session', 'gnome-keyring-daemon']

function missing(): readonly string[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return needed.filter((name) => !folders.some((folder) => existsSync(join(folder, name))))
}

/** Runs in a process of its own, under a session bus and a keychain that are thrown away with it. */
const script = `
  const { openKeychain } = await import(process.env.ADAPTER)
  const [secrets, others] = [await openKeychain({ profileId: 'one' }), await openKeychain({ profileId: 'two' })]
  await secrets.set('openai', 'sk-round-trip')
  const seen = [secrets.kind, await secrets.get('openai'), await others.get('openai')]
  await secrets.remove('openai')
  await secrets.remove('openai')
  console.log(JSON.stringify([...seen, await secrets.get('openai')]))
`

describe('the real keychain', () => {
  it('keeps a key for its profile alone, and forgets it', async (context) => {
    const absent = process.platform === 'linux' ? missing() : []
    if (process.platform !== 'linux') context.skip('the round trip uses a throwaway keychain, which only Linux has')
    if (absent.length > 0) context.skip(`not installed here: ${absent.join(', ')}`)
    const adapter = await bundleForNode('src/main/adapters/keytar/index.ts', 'keychain-round-trip')
    const home = await mkdtemp(join(tmpdir(), 'trestle-keyring-'))
    try {
      const command = `eval "$(echo -n pw | gnome-keyring-daemon --unlock --components=secrets)"; exec "$NODE" --input-type=module -e "$SCRIPT"`
      const { stdout } = await promisify(execFile)('dbus-run-session', ['--', 'bash', '-c', command], {
        env: { PATH: process.env['PATH'], HOME: home, XDG_RUNTIME_DIR: home, NODE: process.execPath, SCRIPT: script, ADAPTER: adapter }, timeout: 15_000,
      })
      expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toEqual(['keychain', 'sk-round-trip', null, null])
    } finally {
      await rm(home, { recursive: true, force: true })
    }
  })
})
