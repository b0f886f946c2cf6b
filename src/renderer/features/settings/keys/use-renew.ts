import { useQueryClient } from '@tanstack/react-query'
import { useServices } from '../../../lib/services'

/** Asks anew for the providers and for the models that they have. */
export function useRenew(): () => Promise<void> {
  const { orpc } = useServices()
  const queryClient = useQueryClient()
  return async () => {
    await queryClient.invalidateQueries({ queryKey: orpc.providers.list.key() })
    await queryClient.invalidateQueries({ queryKey: orpc.models.key() })
  }
}
