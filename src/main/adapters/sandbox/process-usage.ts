import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import type { ResourceUse } from '#core/ports/sandbox'

const PAGE = 4096

/** Ends the first process of the namespace that `bwrap` with this id made, and with it, by the kernel, all others of it. */
export function killInside(pid: number): void {
  try {
    const inside = firstInside(pid)
    if (inside !== null) process.kill(inside, 'SIGKILL')
  } catch {
    // Gone already.
  }
}

function firstInside(pid: number): number | null {
  const inside = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ').map(Number).find((child) => child > 0)
  if (inside === undefined || readlinkSync(`/proc/${inside}/ns/pid`) === readlinkSync('/proc/self/ns/pid')) return null
  return inside
}

/** Of every process in the process namespace that `bwrap` with this id made; null before it has, or once it is gone. */
export function usageInside(pid: number): ResourceUse | null {
  try {
    const inside = firstInside(pid)
    if (inside === null) return null
    const namespace = readlinkSync(`/proc/${inside}/ns/pid`)
    let processes = 0
    let memoryBytes = 0
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name) || namespaceOf(name) !== namespace) continue
      processes += 1
      memoryBytes += privateBytes(name)
    }
    return { processes, memoryBytes }
  } catch {
    return null
  }
}

function namespaceOf(pid: string): string | null {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`)
  } catch {
    return null
  }
}

/** What it does not share with files. */
function privateBytes(pid: string): number {
  try {
    const [, resident = 0, shared = 0] = readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ').map(Number)
    return Math.max(0, resident - shared) * PAGE
  } catch {
    return 0
  }
}
