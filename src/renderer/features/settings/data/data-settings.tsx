import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type Backup, ERASE_WORDS, type PendingAction, type ProfileData } from '#contract/data'
import { Button } from '../../../components/button'
import { ErrorNote, Skeleton } from '../../../components/feedback'
import { TextField } from '../../../components/field'
import { formatBytes, formatTime } from '../../../lib/format'
import { useServices } from '../../../lib/services'
import { forgetLocalMemory } from '../../../lib/storage'

const partWords: Readonly<Record<ProfileData['parts'][number]['part'], string>> = {
  database: 'Database', backups: 'Backups', checkpoints: 'Checkpoints', outputs: 'Long outputs', bin: 'Bin', exports: 'Exports', logs: 'Logs', other: 'Other',
}

/** The profile on this disk: its size, its backups, everything of it in files, and nothing of it any more. */
export function DataSettings() {
  const { orpc } = useServices()
  const queryClient = useQueryClient()
  const data = useQuery(orpc.data.get.queryOptions({ input: {}, staleTime: 0 }))
  const onSuccess = (next: ProfileData): void => void queryClient.setQueryData(orpc.data.get.queryKey({ input: {} }), next)
  const restore = useMutation(orpc.data.restore.mutationOptions({ meta: { shownInPlace: true }, onSuccess }))
  const backUp = useMutation(orpc.data.backUp.mutationOptions({ meta: { shownInPlace: true }, onSettled: () => data.refetch() }))
  return (
    <div className="flex flex-col gap-6">
      {data.isPending && <Skeleton rows={6} label="Measuring the profile" />}
      {data.error !== null && <ErrorNote error={data.error} onRetry={() => void data.refetch()} />}
      {data.data !== undefined && (
        <>
          {data.data.pending !== null && <Pending pending={data.data.pending} backups={data.data.backups} onChanged={onSuccess} />}
          <section aria-labelledby="profile-size">
            <h3 id="profile-size" className="font-semibold">On this disk: {formatBytes(data.data.parts.reduce((sum, { bytes }) => sum + bytes, 0))}</h3>
            <p className="mb-1 font-mono text-xs break-all text-muted">{data.data.path}</p>
            <dl className="grid max-w-md grid-cols-[1fr_auto] text-xs">
              {data.data.parts.map(({ part, bytes }) => (
                <div key={part} className="col-span-2 grid grid-cols-subgrid border-b border-line/60 py-0.5"><dt>{partWords[part]}</dt><dd className="text-end tabular-nums">{formatBytes(bytes)}</dd></div>
              ))}
            </dl>
          </section>
          <section aria-label="Backups" className="flex flex-col gap-2">
            <div className="flex items-center gap-3">
              <h3 className="flex-1 font-semibold">Backups</h3>
              <Button small disabled={backUp.isPending} onClick={() => backUp.mutate({})}>{backUp.isPending ? 'Backing up…' : 'Back up now'}</Button>
            </div>
            <p className="text-xs text-muted">Made every 15 minutes while something changes, and checked before they count. They hold conversations and settings; files are held by checkpoints.</p>
            {(backUp.error ?? restore.error) !== null && <ErrorNote error={backUp.error ?? restore.error} />}
            {data.data.backups.length === 0 && <p className="text-muted">There is none yet.</p>}
            <ul className="max-h-72 overflow-y-auto">
              {data.data.backups.map((backup) => <BackupRow key={backup.name} backup={backup} disabled={restore.isPending} onRestore={() => restore.mutate({ name: backup.name })} />)}
            </ul>
          </section>
          <ExportSection onDone={() => void data.refetch()} />
          <EraseSection onErased={onSuccess} />
        </>
      )}
    </div>
  )
}

function Pending({ pending, backups, onChanged }: { readonly pending: PendingAction; readonly backups: readonly Backup[]; readonly onChanged: (data: ProfileData) => void }) {
  const { orpc, queries } = useServices()
  const system = useQuery(queries.system())
  const keep = useMutation(orpc.data.keep.mutationOptions({ onSuccess: onChanged }))
  const restart = useMutation(orpc.system.restart.mutationOptions())
  const backup = pending.action === 'restore' ? backups.find(({ name }) => name === pending.backup) : undefined
  return (
    <div role="status" className="flex flex-wrap items-center gap-2 rounded-md bg-warning-soft p-3 text-warning">
      <p className="min-w-60 flex-1">
        {pending.action === 'erase'
          ? 'Everything in this profile is erased when Trestle starts the next time. Your folders are not touched.'
          : `Trestle goes back to the backup${backup === undefined ? '' : ` of ${formatTime(backup.at)}`} when it starts the next time. What came after it is put aside.`}
      </p>
      {system.data?.restart === true && <Button tone={pending.action === 'erase' ? 'danger' : 'primary'} disabled={restart.isPending} onClick={() => restart.mutate({})}>Restart now</Button>}
      <Button disabled={keep.isPending} onClick={() => keep.mutate({})}>Keep everything</Button>
    </div>
  )
}

function BackupRow({ backup, disabled, onRestore }: { readonly backup: Backup; readonly disabled: boolean; readonly onRestore: () => void }) {
  return (
    <li className="flex items-center gap-3 border-b border-line py-1.5 last:border-0">
      <p className="min-w-0 flex-1">
        {formatTime(backup.at)} <span className="text-xs text-muted">{formatBytes(backup.bytes)}{backup.beforeUpdate && ', before an update'}</span>
      </p>
      <Button small disabled={disabled} aria-label={`Go back to the backup of ${formatTime(backup.at)}`} onClick={onRestore}>Go back…</Button>
    </li>
  )
}

function ExportSection({ onDone }: { readonly onDone: () => void }) {
  const { orpc } = useServices()
  const exported = useMutation(orpc.data.export.mutationOptions({ meta: { shownInPlace: true }, onSuccess: onDone }))
  return (
    <section aria-label="Export" className="flex flex-col gap-2">
      <h3 className="font-semibold">Export everything</h3>
      <p className="text-xs text-muted">Into a folder of the profile: every session as JSON, the whole database, attachments and long outputs, the settings. Keys stay in the keychain, files of checkpoints in the profile.</p>
      <Button className="self-start" disabled={exported.isPending} onClick={() => exported.mutate({})}>{exported.isPending ? 'Exporting…' : 'Export everything'}</Button>
      <div aria-live="polite">
        {exported.data !== undefined && <p className="text-success">{exported.data.sessions} {exported.data.sessions === 1 ? 'session' : 'sessions'}, {formatBytes(exported.data.bytes)}: <span className="font-mono text-xs break-all">{exported.data.path}</span></p>}
      </div>
      {exported.error !== null && <ErrorNote error={exported.error} />}
    </section>
  )
}

function EraseSection({ onErased }: { readonly onErased: (data: ProfileData) => void }) {
  const { orpc } = useServices()
  const [words, setWords] = useState('')
  const erase = useMutation(orpc.data.erase.mutationOptions({
    meta: { shownInPlace: true },
    onSuccess: (next) => {
      forgetLocalMemory(() => window.localStorage)
      setWords('')
      onErased(next)
    },
  }))
  return (
    <section aria-label="Erase" className="flex flex-col gap-2 rounded-md border border-danger/50 p-3">
      <h3 className="font-semibold text-danger">Erase everything</h3>
      <p>All sessions, checkpoints, backups, exports, logs and settings of this profile, and the keys in the keychain. The folders that you opened are not touched. It cannot be undone once Trestle has started again.</p>
      <form
        className="flex flex-wrap items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault()
          if (words === ERASE_WORDS) erase.mutate({ confirm: ERASE_WORDS })
        }}
      >
        <TextField label={`Type “${ERASE_WORDS}” to confirm`} autoComplete="off" value={words} onChange={(event) => setWords(event.target.value)} className="w-64" />
        <Button type="submit" tone="danger" disabled={words !== ERASE_WORDS || erase.isPending}>Erase everything</Button>
      </form>
      {erase.error !== null && <ErrorNote error={erase.error} />}
    </section>
  )
}
