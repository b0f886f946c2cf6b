import { useState } from 'react'
import type { Definitions } from './lex'

/** 1 for the note that is defined first. */
export function noteNumber({ notes }: Definitions, label: string): string {
  const at = [...notes.keys()].indexOf(label)
  return at === -1 ? label : String(at + 1)
}

/** The number of a note; pressed, it shows the note in its place. */
export function NoteReference({ number, text }: { readonly number: string; readonly text: string }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <sup>
        <button type="button" aria-expanded={open} aria-label={`Note ${number}`} className="px-0.5 text-accent underline-offset-2 hover:underline" onClick={() => setOpen(!open)}>
          {number}
        </button>
      </sup>
      {open && <span className="text-muted"> ({text.slice(0, 1_000)}) </span>}
    </>
  )
}
