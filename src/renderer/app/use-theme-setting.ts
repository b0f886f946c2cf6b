import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useServices } from '../lib/services'

export function useThemeSetting(): void {
  const { queries, theme } = useServices()
  const settings = useQuery(queries.settings()).data
  useEffect(() => {
    if (settings !== undefined) theme.apply(settings.theme, settings.appearance)
  }, [settings, theme])
}
