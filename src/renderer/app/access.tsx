import { useServices, useStore } from '../lib/services'

const links = [
  { to: 'middle', text: 'Skip to the conversation' },
  { to: 'composer', text: 'Skip to the message' },
  { to: 'sessions', text: 'Skip to the sessions' },
] as const

/** The first stops of the Tab key; seen only while one of them has the focus. */
export function SkipLinks() {
  return (
    <nav aria-label="Skip" className="sr-only focus-within:not-sr-only">
      <ul className="fixed top-1 left-1 z-50 flex gap-1">
        {links.map(({ to, text }) => (
          <li key={to}>
            <button
              type="button"
              onClick={() => targetOf(to)?.focus()}
              className="sr-only rounded-md bg-accent px-3 py-1.5 text-on-accent focus:not-sr-only"
            >
              {text}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  )
}

function targetOf(place: (typeof links)[number]['to']): HTMLElement | null {
  switch (place) {
    case 'middle': return document.querySelector('#main')
    case 'composer': return document.querySelector('#main [data-pane-start]') ?? document.querySelector('#main')
    case 'sessions': return document.querySelector('#sessions button') ?? document.querySelector('#main')
  }
}

/** Where the announcer is heard. */
export function LiveRegion() {
  const { announcer } = useServices()
  const { id, text } = useStore(announcer.last)
  return <div role="status" aria-live="polite" className="sr-only"><span key={id}>{text}</span></div>
}
