import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { BehaviorPlace, BehaviorRule } from '#contract/behavior'
import { useServices } from '../../../lib/services'

/** The rules of one profile. Each change is saved at once, thought for the version that is shown. */
export function useRules(place: BehaviorPlace) {
  const { orpc } = useServices()
  const client = useQueryClient()
  const options = orpc.behavior.get.queryOptions({ input: place })
  const profile = useQuery(options)
  const adjust = useMutation(orpc.behavior.adjust.mutationOptions({
    meta: { shownInPlace: true },
    onSuccess: ({ profile: next }) => {
      client.setQueryData(options.queryKey, next)
    },
    onError: () => client.invalidateQueries({ queryKey: options.queryKey }),
  }))
  const rules = profile.data?.rules ?? []
  const save = (next: readonly BehaviorRule[], cause: string): void => {
    adjust.mutate({ ...place, strategy: 'replace', rules: [...next], cause, ...(profile.data && { version: profile.data.version }) })
  }
  return {
    profile, rules, adjust,
    edit: (index: number, rule: BehaviorRule): void => save(rules.map((other, at) => (at === index ? rule : other)), rule.enabled === rules[index]?.enabled ? 'Rule edited' : `Rule turned ${rule.enabled ? 'on' : 'off'}`),
    remove: (index: number): void => save(rules.filter((_rule, at) => at !== index), 'Rule removed'),
    move: (index: number, by: 1 | -1): void => {
      const next = [...rules]
      const [moved] = next.splice(index, 1)
      if (moved) next.splice(index + by, 0, moved)
      save(next, 'Rules in another order')
    },
    add: (rule: BehaviorRule, onAdded: () => void): void => {
      adjust.mutate({ ...place, strategy: 'append', rules: [rule], cause: 'Rule added' }, {
        onSuccess: ({ diff }) => {
          if (diff.added.length > 0) onAdded()
        },
      })
    },
  }
}
