import type { Storage } from '#contract/storage'
import { formatBytes, formatTime } from '../../lib/format'
import { ageWords, shareOf } from './storage-words'

const cell = 'py-1 pe-3 text-start font-normal'
const number = 'py-1 ps-3 text-end tabular-nums'

/** Size by workspace, the largest first. */
export function WorkspaceTable({ workspaces }: Pick<Storage, 'workspaces'>) {
  if (workspaces.length === 0) return <p className="text-muted">No workspace has a checkpoint yet.</p>
  const rows = workspaces.toSorted((left, right) => right.bytes - left.bytes)
  return (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Size by workspace">
      <table className="w-full text-xs">
        <caption className="mb-1 text-start text-sm font-semibold">By workspace</caption>
        <thead className="border-b border-line text-muted">
          <tr>
            <th scope="col" className={cell}>Workspace</th><th scope="col" className={number}>Its own</th><th scope="col" className={number}>Shared</th>
            <th scope="col" className={number}>Checkpoints</th><th scope="col" className={number}>Pinned</th><th scope="col" className={number}>Oldest</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.workspaceId ?? ''} className="border-b border-line/60">
              <th scope="row" className={`${cell} break-words`}>{row.name}</th>
              <td className={number}>{formatBytes(row.bytes)}</td><td className={number}>{formatBytes(row.sharedBytes)}</td>
              <td className={number}>{row.checkpoints.toLocaleString('en')}</td><td className={number}>{row.pinned.toLocaleString('en')}</td>
              <td className={number}>{row.oldestAt === null ? '–' : formatTime(row.oldestAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Size by age of the newest checkpoint that needs it. */
export function AgeTable({ ages }: Pick<Storage, 'ages'>) {
  const largest = Math.max(1, ...ages.map((age) => age.bytes))
  if (ages.length === 0) return null
  return (
    <table className="w-full text-xs">
      <caption className="mb-1 text-start text-sm font-semibold">By age</caption>
      <thead className="border-b border-line text-muted">
        <tr>
          <th scope="col" className={cell}>Needed last</th><td className="w-1/2" /><th scope="col" className={number}>Size</th><th scope="col" className={number}>Checkpoints</th>
        </tr>
      </thead>
      <tbody>
        {ages.map((age) => (
          <tr key={age.label} className="border-b border-line/60">
            <th scope="row" className={cell}>{ageWords[age.label]}</th>
            <td aria-hidden>
              <svg viewBox="0 0 100 10" preserveAspectRatio="none" className="h-2 w-full"><rect width={shareOf(age.bytes, largest)} height="10" className="fill-accent" /></svg>
            </td>
            <td className={number}>{formatBytes(age.bytes)}</td><td className={number}>{age.checkpoints.toLocaleString('en')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
