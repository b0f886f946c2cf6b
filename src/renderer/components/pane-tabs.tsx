import { Tabs } from 'radix-ui'
import type { ReactNode } from 'react'
import { classNames } from '../lib/class-names'

/** The views of a pane at the side of the window, one at a time. `children` are `PaneTab`s. */
export function PaneTabs<Id extends string>({ label, tabs, value, onChange, className, children }: {
  readonly label: string
  readonly tabs: readonly { readonly id: Id; readonly label: string }[]
  readonly value: Id
  readonly onChange: (id: Id) => void
  readonly className?: string
  readonly children: ReactNode
}) {
  const choose = (id: string): void => {
    const tab = tabs.find((item) => item.id === id)
    if (tab !== undefined) onChange(tab.id)
  }
  return (
    <Tabs.Root value={value} onValueChange={choose} className={classNames('flex min-h-0 flex-col', className)}>
      <Tabs.List aria-label={label} className="flex shrink-0 gap-1 border-b border-line px-2">
        {tabs.map((tab) => (
          <Tabs.Trigger
            key={tab.id}
            value={tab.id}
            className="-mb-px border-b-2 border-transparent px-2 py-1.5 -outline-offset-2 text-muted data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink"
          >
            {tab.label}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      {children}
    </Tabs.Root>
  )
}

export const PaneTab = Tabs.Content
