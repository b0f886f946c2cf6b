import { KeyRound } from 'lucide-react'

const words = {
  'no-token': {
    title: 'This page needs its link',
    text: 'Trestle opens only through the link with the access token in it.',
  },
  refused: {
    title: 'This link no longer works',
    text: 'Trestle does not know its access token. It was started anew or the token was revoked. Your sessions are kept.',
  },
} as const

/** Instead of the window, when there is no token or the server refuses it. */
export function NoAccess({ reason }: { readonly reason: keyof typeof words }) {
  const { title, text } = words[reason]
  return (
    <main className="flex h-full items-center justify-center bg-canvas p-6">
      <div className="max-w-md text-center">
        <KeyRound aria-hidden className="mx-auto size-8 text-accent" />
        <h1 className="mt-3 text-xl font-semibold">{title}</h1>
        <p className="mt-2 text-base text-muted">{text}</p>
        <p className="mt-2 text-base">
          Open the link that <code className="rounded-md bg-sunken px-1.5 py-0.5 font-mono text-sm">trestle serve</code> printed in its terminal.
        </p>
      </div>
    </main>
  )
}
