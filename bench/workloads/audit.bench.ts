import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAuditLog } from '../../src/main/core/audit/audit-log'
import { createAuditSigning } from '../../src/main/adapters/node/audit-signing'
import { newId, sha256, systemClock } from '../../src/main/adapters/node/system'
import { createSessionSecrets } from '../../src/main/adapters/keytar/session-secrets'
import { openStore } from '../../src/main/adapters/sqlite'
import { report } from '../report'

const RECORDS = Number(process.env['TRESTLE_BENCH_AUDIT'] ?? 1_000_000)
const DURABLE = 2000
const AT_ONCE = 5000
const source = { sessionId: 'session', runId: 'run', traceId: 'trace' }
const content = { effect: 'allow', rule: 'sandboxed-auto-mode', reason: 'Sandboxed auto mode lets agents run commands inside the sandbox.', tool: 'run_command', callId: 'call_1', arguments: { command: 'npm test -- --run' } }
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

const folder = mkdtempSync(join(tmpdir(), 'trestle-bench-audit-'))
const { store, auditReader, close } = openStore({ path: join(folder, 'trestle.db'), backupFolder: join(folder, 'backups'), clock: systemClock, newId, logger: quiet })
const log = createAuditLog({
  store, auditReader, auditSigning: createAuditSigning(join(folder, 'audit-head.json')), secrets: createSessionSecrets(), clock: systemClock, sha256, logger: quiet, onProblem: () => undefined,
})
const entry = { kind: 'decision', title: 'Allowed: Run npm test -- --run', content } as const

const started = performance.now()
for (let index = 0; index < DURABLE; index++) store.transaction(() => log.append(entry, source), 'disk')
report({ name: 'audit.appends-durable', value: DURABLE / ((performance.now() - started) / 1000), unit: '/s' })
const filling = performance.now()
for (let written = DURABLE; written < RECORDS; written += AT_ONCE) {
  store.transaction(() => { for (let one = 0; one < AT_ONCE; one++) log.append(entry, source) }, 'later')
}
report({ name: 'audit.appends-with-others', value: (RECORDS - DURABLE) / ((performance.now() - filling) / 1000), unit: '/s' })
await log.sign()
const verifying = performance.now()
const verdict = await log.verify()
if (!verdict.ok) throw new Error(verdict.message)
report({ name: `audit.verify-${verdict.records}`, value: (performance.now() - verifying) / 1000, unit: 's' })
await log.stop()
await close()
rmSync(folder, { recursive: true, force: true })
