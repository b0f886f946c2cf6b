import type { Coverage } from '#contract/file-changes'
import { formatBytes } from '../../../lib/format'
import { plural, reasonText, shownPath } from '../words'

const scanWords: Readonly<Record<Coverage['scan'], string>> = {
  watched: 'What the watcher reported was looked at.',
  full: 'Every file was looked at.',
  first: 'Every file was read for the first time.',
  none: 'No files are part of it.',
}
const shownPaths = 100

/** What a checkpoint covers, and by name what it does not. */
export function CoverageList({ coverage }: { readonly coverage: Coverage }) {
  const missing = Object.values(coverage.counts).reduce((sum, count) => sum + count, 0)
  return (
    <div className="text-xs">
      <p className="text-muted">
        Covers {plural(coverage.files, 'file')} ({formatBytes(coverage.bytes)}). {scanWords[coverage.scan]}{coverage.scanReason !== null && ` ${coverage.scanReason}`}
      </p>
      <details className="mt-1">
        <summary className="w-fit text-warning">Not covered: {missing === 0 ? 'nothing in the folder' : plural(missing, 'path')}, nothing outside of it</summary>
        <ul aria-label="Not covered" className="mt-1 max-h-48 overflow-y-auto">
          {coverage.commands > 0 && <li>What {plural(coverage.commands, 'command')} did outside the folder and over the network</li>}
          {coverage.paths.slice(0, shownPaths).map((item) => (
            <li key={item.path} className="flex gap-2">
              <span className="min-w-0 flex-1 truncate font-mono" title={shownPath(item.path)}>{shownPath(item.path)}</span>
              <span className="shrink-0 text-muted">{reasonText(item.reason)}{item.bytes !== null && `, ${formatBytes(item.bytes)}`}</span>
            </li>
          ))}
          {missing > Math.min(shownPaths, coverage.paths.length) && <li className="text-muted">and {missing - Math.min(shownPaths, coverage.paths.length)} more</li>}
          <li className="text-muted">Outside of the folder, nothing is covered.</li>
        </ul>
      </details>
    </div>
  )
}
