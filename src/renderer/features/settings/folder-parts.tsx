import type { ReactNode } from 'react'

export function Section({ title, note, children }: { readonly title: string; readonly note: string; readonly children: ReactNode }) {
  return (
    <section className="flex flex-col gap-2">
      <div>
        <h3 className="font-semibold">{title}</h3>
        <p className="text-xs text-muted">{note}</p>
      </div>
      {children}
    </section>
  )
}

export function Item({ name, note, children }: { readonly name: string; readonly note: string; readonly children: ReactNode }) {
  return (
    <li className="flex items-center gap-3 border-b border-line py-1.5 last:border-0">
      <div className="min-w-0 flex-1">
        <p className="font-mono text-xs break-all">{name}</p>
        <p className="text-xs break-words text-muted">{note}</p>
      </div>
      {children}
    </li>
  )
}
