import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundleForNode } from './bundle-for-node'
import { type ScriptedReply, startModelServer } from './model-server'
import { newId, systemClock } from '../main/adapters/node/system'
import { openStore } from '../main/adapters/sqlite'

export interface DieAt {
  readonly transaction: number
  readonly moment: 'before' | 'after'
}

/** One run of the host: what it told before it ended, and the signal that ended it. */
export interface Life {
  readonly signal: string | null
  readonly lines: readonly Readonly<Record<string, unknown>>[]
}

export interface LifeOrder {
  readonly dieAt?: DieAt
  /** Dies right before the first transaction that finds this file in the folder. */
  readonly dieOnceThere?: string
  /** What a person answers about a call whose outcome is not known. */
  readonly unknown?: 'once' | 'reject'
  /** The work is a task of the board instead of a message. */
  readonly task?: boolean
  /** The work is a workflow. */
  readonly workflow?: boolean
  /** It does not end before something was learnt from it. */
  readonly learn?: boolean
}

export type OpenedStore = ReturnType<typeof openStore>['store']

/**
 * Runs the real host as a process of its own, kills it at a transaction, and looks at what it left. `job`: what the model says, by the results that it has
 * and the first message of the conversation.
 */
export async function startCrashHarness(job: (answered: number, asked: string) => ScriptedReply | undefined, { learnt }: { readonly learnt?: () => string } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'trestle-crash-'))
  const program = await bundleForNode('src/main/hosts/headless/testing/crash-host.ts', folder)
  // Stateless: what to say next follows from the results that the request holds, as with a real model.
  const server = await startModelServer(({ body }) => {
    const messages = Array.isArray(body['messages']) ? body['messages'] : []
    const asked = messages.find((message) => message.role === 'user')?.content
    return job(messages.filter((message) => message.role === 'tool').length, typeof asked === 'string' ? asked : JSON.stringify(asked)) ?? {}
  }, { ...(learnt && { learnt }) })
  return {
    /** A fresh profile, and a folder to work in. */
    newHome: async (name: string): Promise<string> => {
      const home = join(folder, name)
      await mkdir(join(home, 'work'), { recursive: true })
      await mkdir(join(home, 'profile'))
      return home
    },
    live: (home: string, { dieAt, dieOnceThere, unknown = 'reject', task = false, workflow = false, learn = false }: LifeOrder = {}): Promise<Life> => {
      const order = { profile: join(home, 'profile'), workspace: join(home, 'work'), modelUrl: `${server.url}/v1`, unknown, task, workflow, learn, dieAt: dieAt ?? null, dieOnceThere: dieOnceThere ?? null }
      return new Promise((resolve) => {
        execFile(process.execPath, [program, JSON.stringify(order)], { timeout: 30_000 }, (error, stdout, stderr) => {
          const lines = stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line) as Record<string, unknown>)
          if (stderr) lines.push({ stderr })
          resolve({ signal: error?.signal ?? null, lines })
        })
      })
    },
    /** What the database says once nobody has it open. */
    inspect: async <T>(home: string, read: (store: OpenedStore) => T): Promise<T> => {
      const opened = openStore({ path: join(home, 'profile', 'trestle.db'), backupFolder: join(home, 'profile', 'backups'), clock: systemClock, newId, logger: quiet })
      try {
        return read(opened.store)
      } finally {
        await opened.close()
      }
    },
    close: async (): Promise<void> => {
      await server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
export type CrashHarness = Awaited<ReturnType<typeof startCrashHarness>>

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

/** How many transactions a life had that nothing disturbed. Throws when it did not come to its end. */
export function transactionsOf({ lines }: Life): number {
  const last = lines.at(-1)
  if (last?.['completed'] !== true) throw new Error(`the undisturbed life did not end: ${JSON.stringify(lines.slice(-5))}`)
  return Number(last['transactions'])
}

/** Right before and right after each transaction. */
export const everyMoment = (transactions: number): DieAt[] =>
  Array.from({ length: transactions }, (_, index) => index + 1).flatMap((transaction): DieAt[] => [{ transaction, moment: 'before' }, { transaction, moment: 'after' }])

/** Of the folder of a home; null where there is none. */
export const contentOf = (home: string, path: string): Promise<string | null> => readFile(join(home, 'work', path), 'utf8').catch(() => null)

export async function lineCount(home: string, path: string): Promise<number> {
  return ((await contentOf(home, path)) ?? '').split('\n').filter(Boolean).length
}

/** The machine may have few cores, and each case has processes of its own. */
export async function inTwos<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items]
  await Promise.all([1, 2].map(async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item)
  }))
}
