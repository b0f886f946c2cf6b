import { useMutation } from '@tanstack/react-query'
import { Button } from '../../../components/button'
import { useServices } from '../../../lib/services'
import { TestResult } from './test-result'

/** Of one that is used without a key. */
export function TestProvider({ id, name }: { readonly id: string; readonly name: string }) {
  const { orpc } = useServices()
  const test = useMutation(orpc.providers.test.mutationOptions({ meta: { shownInPlace: true } }))
  return (
    <div className="flex flex-wrap items-center gap-3">
      <Button small aria-label={`Test ${name}`} disabled={test.isPending} onClick={() => test.mutate({ id })}>{test.isPending ? 'Testing…' : 'Test'}</Button>
      <TestResult result={test.data} error={test.error} />
    </div>
  )
}
