import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { startWorkbench } from '../../testing/workbench'

const command = 'echo made > made.txt; echo evil > .git/hooks/post-commit; echo evil > .envrc'

describe.skipIf(!existsSync('/usr/bin/bwrap'))('a turn in sandboxed auto mode', () => {
  test('runs commands without asking, its checkpoints see what they changed, and what they planted is in the bin', async () => {
    const bench = await startWorkbench([{ toolCalls: [{ name: 'run_command', arguments: { command } }] }, { text: 'Done.' }], { sandboxed: true, mode: 'sandboxed-auto' })
    mkdirSync(join(bench.folder, '.git/hooks'), { recursive: true })
    await bench.turn('Go')
    expect(bench.events.filter(({ topic }) => topic === 'human.request')).toEqual([])
    expect(readFileSync(join(bench.folder, 'made.txt'), 'utf8')).toBe('made\n')
    expect([readdirSync(join(bench.folder, '.git/hooks')), existsSync(join(bench.folder, '.envrc'))]).toEqual([[], false])
    expect((await bench.client.workspaces.bin({ id: bench.workspace.id })).items).toMatchObject([{ path: '.envrc' }])
    const trees = new Set((await bench.checkpoints()).map(({ treeId }) => treeId))
    expect(trees.size).toBeGreaterThan(1)
    await bench.close()
  })
})
