import type { InfiniteData } from '@tanstack/react-query'
import type { Entry } from '#contract/entries'
import type { HumanRequest } from '#contract/human-requests'
import type { Run, RunDetail, Step } from '#contract/runs'
import type { Session } from '#contract/sessions'

export interface Page<T> {
  items: T[]
  nextCursor: string | null
}
type Paged<T> = InfiniteData<Page<T>, string | undefined>

/** Puts a session where its last activity belongs, or takes it out when it is not of this list. */
export function upsertSession(data: Paged<Session>, session: Session, belongs: boolean): Paged<Session> {
  const without = removeSession(data, session.id)
  if (!belongs) return without
  const isLastOf = (page: Page<Session>): boolean => {
    const last = page.items.at(-1)
    return page.nextCursor === null || (last !== undefined && orderOf(last) <= orderOf(session))
  }
  const target = without.pages.findIndex(isLastOf)
  if (target === -1) return without
  return {
    ...without,
    pages: without.pages.map((page, index) => {
      if (index !== target) return page
      const after = page.items.findIndex((item) => orderOf(item) <= orderOf(session))
      const at = after === -1 ? page.items.length : after
      return { ...page, items: [...page.items.slice(0, at), session, ...page.items.slice(at)] }
    }),
  }
}

/** In the bin they stand in the order of their coming. */
function orderOf({ deletedAt, updatedAt }: Session): number {
  return deletedAt ?? updatedAt
}

export function removeSession(data: Paged<Session>, id: string): Paged<Session> {
  return { ...data, pages: data.pages.map((page) => ({ ...page, items: page.items.filter((item) => item.id !== id) })) }
}

/** The conversation with the entry at its end; null when the entry does not follow what is cached. */
export function appendEntry(data: Paged<Entry>, entry: Entry): Paged<Entry> | null {
  const [newest, ...older] = data.pages
  if (newest === undefined) return null
  if (data.pages.some((page) => page.items.some((item) => item.id === entry.id))) return data
  if ((newest.items.at(-1)?.id ?? null) !== entry.parentId) return null
  return { ...data, pages: [{ ...newest, items: [...newest.items, entry] }, ...older] }
}

/** Runs newest first, as the server lists them. Only the newest `limit` are kept, and all that are not finished. */
export function upsertRun(items: readonly Run[], run: Run, limit = 50): Run[] {
  const merged = [run, ...items.filter((item) => item.id !== run.id)].sort((left, right) => right.createdAt - left.createdAt)
  return merged.filter((item, index) => index < limit || !isRunFinished(item))
}

export function isRunFinished(run: Pick<Run, 'state'>): boolean {
  return run.state === 'completed' || run.state === 'failed' || run.state === 'cancelled'
}

export function mergeRun(detail: RunDetail, run: Run): RunDetail {
  return { ...run, steps: detail.steps }
}

export function upsertStep(detail: RunDetail, step: Step): RunDetail {
  const known = detail.steps.find((item) => item.id === step.id)
  // Events leave the arguments out; what was asked for once is kept.
  const merged = known?.arguments !== undefined && step.arguments === undefined ? { ...step, arguments: known.arguments } : step
  const steps = [...detail.steps.filter((item) => item.id !== step.id), merged]
  return { ...detail, steps: steps.sort((left, right) => left.number - right.number) }
}

export function upsertOpenRequest(items: readonly HumanRequest[], request: HumanRequest): HumanRequest[] {
  const others = items.filter((item) => item.id !== request.id)
  if (request.status !== 'open') return others
  const at = items.findIndex((item) => item.id === request.id)
  return at === -1 ? [...others, request] : items.map((item) => (item.id === request.id ? request : item))
}
