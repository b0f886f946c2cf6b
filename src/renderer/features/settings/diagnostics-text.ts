import type { Diagnostics } from '#contract/system'

/** The report as text. Everything in it comes from what the runtime holds to be free of private things. */
export function diagnosticsText({ version, host, platform, versions, startedAt, checks, counts, recentErrors }: Diagnostics, browser: string): string {
  return [
    `Trestle ${version}, ${host}, ${platform}`,
    ...Object.entries(versions).map(([name, value]) => `${name} ${value}`),
    `Window: ${browser}`,
    `Started: ${new Date(startedAt).toISOString()}`,
    '',
    ...checks.map(({ name, ok, note }) => `${ok ? 'ok  ' : 'NOT '} ${name}: ${note}`),
    '',
    Object.entries(counts).map(([name, count]) => `${name} ${count}`).join(', '),
    '',
    recentErrors.length === 0 ? 'No warnings or errors since the start.' : 'Last warnings and errors:',
    ...recentErrors.map(({ at, level, event, error }) => `${new Date(at).toISOString()} ${level} ${event}${error === null ? '' : ` (${error})`}`),
  ].join('\n')
}
