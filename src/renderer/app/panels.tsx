import { type ReactNode, useEffect, useRef, useState } from 'react'
import { Group, type Layout, Panel, Separator, usePanelRef } from 'react-resizable-panels'
import { z } from 'zod'
import { useServices } from '../lib/services'
import { useUi, useUiStore } from './ui-context'
import type { Side } from './ui-store'

const LayoutSchema = z.record(z.string(), z.number())
const storageKey = 'layout'

/** The three panes side by side. Sizes are kept on this machine. */
export function Panels({ left, middle, right }: { readonly left: ReactNode; readonly middle: ReactNode; readonly right: ReactNode }) {
  const { memory } = useServices()
  const [stored] = useState(() => parseLayout(memory.read(storageKey)))
  return (
    <Group
      className="min-h-0 flex-1"
      {...(stored === null ? {} : { defaultLayout: stored })}
      onLayoutChanged={(layout, meta) => {
        if (meta.isUserInteraction) memory.write(storageKey, JSON.stringify(layout))
      }}
    >
      <SidePanel side="left" size={260} min={200} max={420}>{left}</SidePanel>
      <Divider label="Width of the sessions" />
      <Panel id="middle" minSize={360} className="flex min-w-0">{middle}</Panel>
      <Divider label="Width of the context" />
      <SidePanel side="right" size={300} min={220} max={560}>{right}</SidePanel>
    </Group>
  )
}

function SidePanel({ side, size, min, max, children }: {
  readonly side: Side
  readonly size: number
  readonly min: number
  readonly max: number
  readonly children: ReactNode
}) {
  const panel = usePanelRef()
  const ui = useUiStore()
  const isOpen = useUi((state) => state.isOpen[side])
  const lastSize = useRef(size)
  useEffect(() => {
    if (!isOpen) panel.current?.collapse()
    else if (panel.current?.isCollapsed() === true) panel.current.resize(lastSize.current)
  }, [isOpen, panel])
  return (
    <Panel
      id={side}
      panelRef={panel}
      collapsible
      defaultSize={isOpen ? size : 0}
      minSize={min}
      maxSize={max}
      groupResizeBehavior="preserve-pixel-size"
      onResize={({ inPixels }, _id, previous) => {
        if (inPixels >= min) lastSize.current = inPixels
        // The first report is the layout itself, not something the person did.
        if (previous !== undefined && inPixels > 0 !== ui.getState().isOpen[side]) ui.getState().setOpen(side, inPixels > 0)
      }}
    >
      {isOpen && children}
    </Panel>
  )
}

function Divider({ label }: { readonly label: string }) {
  // A title names it as well, and does not count as content outside of the landmarks.
  return <Separator title={label} className="w-px bg-line outline-offset-0 hover:bg-accent focus-visible:bg-accent data-[separator=active]:bg-accent" />
}

function parseLayout(text: string | null): Layout | null {
  if (text === null) return null
  try {
    return LayoutSchema.parse(JSON.parse(text))
  } catch {
    return null
  }
}
