import { type ReactNode, useId } from 'react'

/** A part of a pane, under a small title that names it. */
export function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const id = useId()
  return (
    <section aria-labelledby={id}>
      <h3 id={id} className="mb-1 text-xs font-semibold text-muted">{title}</h3>
      {children}
    </section>
  )
}
