import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { type FoundEntry, MAX_FIND_CHARS } from '#contract/conversation'
import type { Session } from '#contract/sessions'
import { useServices } from '../../../lib/services'

/** One match of all: the entry, and which of the entry's. */
export interface Match {
  readonly entryId: string
  readonly nth: number
}

export interface Find {
  readonly isOpen: boolean
  readonly open: () => void
  readonly close: () => void
  readonly typed: string
  readonly setTyped: (text: string) => void
  /** What is looked for; empty while nothing is. */
  readonly query: string
  readonly total: number
  readonly truncated: boolean
  /** From 0 for the oldest; -1 without one. */
  readonly index: number
  readonly current: Match | null
  readonly isSearching: boolean
  readonly error: unknown
  /** 1: to newer ones, -1: to older ones; round at the ends. */
  readonly step: (by: 1 | -1) => void
}

const typingMs = 200

/** Finding text in the whole of a branch, loaded or not: the server looks, the list shows. */
export function useFind(session: Session): Find {
  const { orpc } = useServices()
  const [isOpen, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const [query, setQuery] = useState('')
  // Counted from the newest, where a conversation is read; what is written meanwhile does not move it.
  const [fromEnd, setFromEnd] = useState(0)
  useEffect(() => {
    const timer = setTimeout(() => {
      setQuery(typed.trim().slice(0, MAX_FIND_CHARS))
      setFromEnd(0)
    }, typingMs)
    return () => clearTimeout(timer)
  }, [typed])
  const wanted = isOpen ? query : ''
  const found = useQuery({
    ...orpc.conversation.find.queryOptions({ input: { id: session.id, headId: session.activeHeadId, query: wanted === '' ? ' ' : wanted } }),
    enabled: wanted !== '',
    staleTime: 0,
    placeholderData: keepPreviousData,
  })
  const items = wanted === '' ? [] : found.data?.items ?? []
  const total = items.reduce((sum, item) => sum + item.matches, 0)
  const index = total === 0 ? -1 : total - 1 - (fromEnd % total)
  return {
    isOpen, typed, setTyped, query: wanted, total, index,
    truncated: found.data?.truncated ?? false,
    current: matchAt(items, index),
    isSearching: wanted !== '' && found.isFetching,
    error: wanted === '' ? null : found.error,
    open: () => setOpen(true),
    close: () => setOpen(false),
    step: (by) => total > 0 && setFromEnd((fromEnd - by + total) % total),
  }
}

export function matchAt(items: readonly Pick<FoundEntry, 'entryId' | 'matches'>[], index: number): Match | null {
  let left = index
  for (const { entryId, matches } of items) {
    if (left >= 0 && left < matches) return { entryId, nth: left }
    left -= matches
  }
  return null
}
