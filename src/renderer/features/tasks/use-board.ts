import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useMemo } from 'react'
import type { Task, TaskState } from '#contract/tasks'
import { useLater } from '../../lib/hooks'
import { useServices } from '../../lib/services'
import { type Column, columnsOf } from './board/columns'
import { filterTasks, lanesOf } from './board/filter'
import { useBoardState, useHidden } from './tasks-context'

export interface ShownLane {
  readonly key: string
  readonly count: number
  readonly columns: readonly Column[]
}

const noIds: ReadonlySet<string> = new Set()

/** All tasks, and those of them that the filter shows. */
export function useBoardTasks() {
  const { queries } = useServices()
  const hidden = useHidden()
  const filter = useBoardState((state) => state.filter)
  const board = useQuery(queries.board())
  const all = useMemo<readonly Task[]>(
    () => (hidden.size === 0 ? board.data?.tasks ?? [] : (board.data?.tasks ?? []).filter(({ id }) => !hidden.has(id))), [board.data, hidden])
  const text = useLater(filter.text.trim(), 250)
  const search = useQuery({ ...queries.taskSearch(text), enabled: text.length >= 2 })
  const found = useMemo(() => (text.length < 2 || search.data === undefined ? noIds : new Set(search.data.items.map(({ id }) => id))), [text, search.data])
  const shownFilter = useDeferredValue(filter)
  const shown = useMemo(() => filterTasks(all, shownFilter, found), [all, shownFilter, found])
  return { board, all, shown }
}

export function useLanes(shown: readonly Task[]): readonly ShownLane[] {
  const lanes = useBoardState((state) => state.lanes)
  const asked = useBoardState((state) => state.asked)
  return useMemo(() => {
    // A column that holds something in one lane is there in all of them.
    const columns = new Set<TaskState>([...asked, ...columnsOf(shown, new Set(asked)).map(({ state }) => state)])
    return lanesOf(shown, lanes).map(({ key, tasks }) => ({ key, count: tasks.length, columns: columnsOf(tasks, columns) }))
  }, [shown, lanes, asked])
}
