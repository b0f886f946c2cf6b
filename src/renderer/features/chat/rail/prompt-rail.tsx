import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type PointerEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Prompt } from '#contract/conversation'
import { classNames } from '../../../lib/class-names'
import { formatTime } from '../../../lib/format'
import { nearestPrompt } from './nearest-prompt'

export interface PromptRailProps {
  readonly prompts: readonly Prompt[]
  /** Entries of the branch: the rail is as long as the conversation. */
  readonly entries: number
  /** The prompt whose turn is in sight. */
  readonly currentId: string | null
  readonly isOpen: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly onJump: (entryId: string) => void
}

const height = 1_000

/** A mark for each prompt at the edge of the conversation. Pointed at, or opened by keyboard, it lists them; a click goes there. */
export function PromptRail({ prompts, entries, currentId, isOpen, onOpenChange, onJump }: PromptRailProps) {
  const rail = useRef<HTMLButtonElement>(null)
  const [pointed, setPointed] = useState<number | null>(null)
  const yOf = (prompt: Prompt): number => ((prompt.position + 0.5) / Math.max(1, entries)) * height
  const indexAt = (event: PointerEvent | React.MouseEvent): number => {
    const box = rail.current?.getBoundingClientRect()
    const share = box === undefined || box.height === 0 ? 0 : (event.clientY - box.top) / box.height
    return nearestPrompt(prompts, share * entries)
  }
  const current = prompts.find((prompt) => prompt.entryId === currentId)
  return (
    <div
      className="absolute inset-y-2 right-2.5 z-10 flex"
      onPointerLeave={() => setPointed(null)}
      onBlur={(event) => event.currentTarget.contains(event.relatedTarget) || onOpenChange(false)}
    >
      {(isOpen || pointed !== null) && (
        <PromptList
          prompts={prompts}
          chosen={pointed ?? Math.max(0, prompts.findIndex((prompt) => prompt.entryId === currentId))}
          hasFocus={isOpen}
          onPick={(entryId) => {
            setPointed(null)
            onOpenChange(false)
            onJump(entryId)
          }}
          onClose={() => {
            onOpenChange(false)
            rail.current?.focus()
          }}
        />
      )}
      <button
        ref={rail}
        type="button"
        aria-label={`Prompts (${prompts.length.toLocaleString('en')})`}
        aria-expanded={isOpen}
        className="w-3 rounded-xs hover:bg-hover"
        onPointerMove={(event) => event.pointerType === 'mouse' && setPointed(indexAt(event))}
        onClick={(event) => {
          const prompt = event.detail === 0 ? undefined : prompts[indexAt(event)]
          if (prompt === undefined) onOpenChange(!isOpen)
          else onJump(prompt.entryId)
        }}
      >
        <svg aria-hidden viewBox={`0 0 10 ${height}`} preserveAspectRatio="none" className="size-full">
          <path d={prompts.map((prompt) => `M2 ${yOf(prompt).toFixed(1)}h6`).join('')} className="stroke-line-strong" strokeWidth="2" vectorEffect="non-scaling-stroke" />
          {current !== undefined && <path d={`M0 ${yOf(current).toFixed(1)}h10`} className="stroke-accent" strokeWidth="3" vectorEffect="non-scaling-stroke" />}
        </svg>
      </button>
    </div>
  )
}

const itemHeight = 30

function PromptList({ prompts, chosen, hasFocus, onPick, onClose }: {
  readonly prompts: readonly Prompt[]
  readonly chosen: number
  readonly hasFocus: boolean
  readonly onPick: (entryId: string) => void
  readonly onClose: () => void
}) {
  const scroller = useRef<HTMLDivElement>(null)
  const [at, setAt] = useState(chosen)
  const active = hasFocus ? at : chosen
  const list = useVirtualizer({ count: prompts.length, getScrollElement: () => scroller.current, estimateSize: () => itemHeight, overscan: 8 })
  useEffect(() => list.scrollToIndex(active, { align: 'center' }), [list, active])
  useLayoutEffect(() => {
    if (hasFocus) scroller.current?.focus()
  }, [hasFocus])
  const onKeyDown = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1, PageDown: 10, PageUp: -10, Home: -prompts.length, End: prompts.length }
    const by = steps[event.key]
    const prompt = prompts[active]
    if (by !== undefined) setAt(Math.min(prompts.length - 1, Math.max(0, active + by)))
    else if (event.key === 'Enter' && prompt !== undefined) onPick(prompt.entryId)
    else if (event.key === 'Escape') onClose()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div
      ref={scroller}
      role="listbox"
      tabIndex={0}
      aria-label="Prompts"
      aria-activedescendant={`prompt-${active}`}
      onKeyDown={onKeyDown}
      className="my-auto max-h-[60vh] w-80 max-w-[70vw] overflow-y-auto rounded-lg border border-line bg-raised shadow-float"
    >
      <div className="relative" style={{ height: list.getTotalSize() }}>
        {list.getVirtualItems().map((item) => {
          const prompt = prompts[item.index]
          return prompt === undefined ? null : (
            <div
              key={item.key}
              id={`prompt-${item.index}`}
              role="option"
              aria-selected={item.index === active}
              aria-setsize={prompts.length}
              aria-posinset={item.index + 1}
              title={`${prompt.text}\n${formatTime(prompt.at)}`}
              onClick={() => onPick(prompt.entryId)}
              className={classNames('absolute inset-x-0 top-0 truncate px-3 py-1.5 text-sm', item.index === active ? 'bg-accent-soft' : 'hover:bg-hover')}
              style={{ height: itemHeight, transform: `translateY(${item.start}px)` }}
            >
              {prompt.text}
            </div>
          )
        })}
      </div>
    </div>
  )
}
