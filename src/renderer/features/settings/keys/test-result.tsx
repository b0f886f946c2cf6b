import type { ProviderTest } from '#contract/models'
import { errorMessage } from '../../../lib/error-message'

/** What came of a test; said to screen readers as well. */
export function TestResult({ result, error }: { readonly result: ProviderTest | undefined; readonly error: unknown }) {
  return (
    <div aria-live="polite" className="text-xs empty:hidden">
      {result?.ok === true && <p className="text-success">Works: {result.models} {result.models === 1 ? 'model' : 'models'}.</p>}
      {result?.ok === false && <p className="break-words text-danger">{result.error?.message ?? 'It did not answer as expected.'}</p>}
      {error !== null && <p className="break-words text-danger">{errorMessage(error)}</p>}
    </div>
  )
}
