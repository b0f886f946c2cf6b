import { createHmac, randomBytes } from 'node:crypto'
import { open, readFile, rename } from 'node:fs/promises'
import { z } from 'zod'
import type { AuditHeadFile, AuditSigning } from '#core/ports/audit-store'

const HeadSchema = z.strictObject({ number: z.int().positive(), hash: z.string(), mac: z.string() })

/** The head beside the database, signed by HMAC. */
export function createAuditSigning(path: string): AuditSigning {
  return {
    file: createHeadFile(path),
    newKey: () => randomBytes(32).toString('hex'),
    mac: (key, number, hash) => createHmac('sha256', key).update(`trestle-audit-1 ${number} ${hash}`).digest('hex'),
  }
}

function createHeadFile(path: string): AuditHeadFile {
  return {
    read: async () => {
      const text = await readFile(path, 'utf8').catch((error: unknown) => {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
        return ''
      })
      return text === null ? null : (HeadSchema.safeParse(parsed(text)).data ?? 'damaged')
    },
    write: async (head) => {
      const next = `${path}.next`
      const file = await open(next, 'w', 0o600)
      try {
        await file.writeFile(`${JSON.stringify(head)}\n`)
        await file.datasync()
      } finally {
        await file.close()
      }
      await rename(next, path)
    },
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
