import type { Entry, PayloadOf } from '#contract/entries'
import type { MemoryDraftInput, MemoryKind, MemoryScope, MemorySolution } from '#contract/memory'
import type { Statement } from '#contract/statements'
import type { Sentiment } from './sentiment'
import { artifactsOf } from './artifacts'

/** Something to be remembered of a turn. */
export interface LearntNote {
  readonly kind: MemoryKind
  readonly scope: MemoryScope
  readonly text: string
  readonly title?: string
  readonly tags?: readonly string[]
  readonly importance?: number
  readonly solution?: NonNullable<MemoryDraftInput['solution']>
  /** Left out: read out of the text by rules. */
  readonly statements?: readonly Statement[]
  readonly expiresAt?: number
  /** The item that it is a newer version of. */
  readonly updates?: string
  /** How the person felt about it, as the model sees it. Rules do not say: a list of words gets irony and denials wrong, and wrong is worse than nothing. */
  readonly feels?: Sentiment
}

interface Pattern {
  readonly looks: RegExp
  readonly kind: MemoryKind
  readonly scope: MemoryScope
  readonly importance: number
}

const subject = String.raw`(?:please\s+)?`
/** In order; the first that a sentence begins with counts. `what` is what is kept; the whole sentence where there is none. */
const patterns: readonly Pattern[] = [
  { looks: new RegExp(String.raw`^${subject}(?:remember|note|keep in mind)(?:\s+that|:)?\s+(?<what>(?:i|i'm|my|me)\b.+)$`, 'i'), kind: 'user', scope: 'user', importance: 0.8 },
  { looks: new RegExp(String.raw`^${subject}(?:remember|note|keep in mind)(?:\s+that|:)\s+(?<what>.+)$`, 'i'), kind: 'fragment', scope: 'workspace', importance: 0.8 },
  { looks: /^(?:i\s+(?:really\s+|strongly\s+|usually\s+|always\s+|never\s+)?(?:prefer|like|love|dislike|hate|use|work\s+(?:as|at|with|in|on)|live\s+in)|i\s+(?:always|never)|my\s+(?:name|job|editor|time\s*zone|language|pronouns|email|birthday)\b|call\s+me)\s*\b.+$/i, kind: 'user', scope: 'user', importance: 0.7 },
  { looks: /^(?:please\s+)?(?:always|never|from\s+now\s+on,?)\s+.+$/i, kind: 'user', scope: 'user', importance: 0.7 },
  { looks: /^(?:we|our\s+\w+|(?:this|the)\s+(?:project|repo|repository|team|app|codebase))\s+(?:always\s+|never\s+)?(?:use[sd]?|deploys?|runs?\s+on|prefers?|requires?|targets?|supports?)\s+.+$/i, kind: 'fragment', scope: 'workspace', importance: 0.6 },
]

/** Longer messages are mostly pasted: only what is plainly meant for us is taken from them. */
const OWN_WORDS_CHARS = 1_500
const MAX_NOTES = 8
const MIN_CHARS = 8
const MAX_CHARS = 300

/** What of a message the person says themselves: quoted and fenced text is not theirs, and a long one is mostly pasted. */
export function ownWords(message: string): { readonly own: string; readonly isPasted: boolean } {
  const own = message.replace(/```[\s\S]*?(?:```|$)/g, '\n').split('\n').filter((line) => !/^\s*>/.test(line)).join('\n').replace(/[“"][^“”"\n]{40,}[”"]/g, ' ')
  return { own, isPasted: own.length > OWN_WORDS_CHARS }
}

/** What a person said that is worth keeping, by the way it is said. */
export function notesInMessage(message: string): LearntNote[] {
  const { own, isPasted } = ownWords(message)
  const sentences = own.slice(0, 20_000).split(/(?<=[.!])\s+|\n+|;\s+/).map((sentence) => sentence.trim().replace(/^[-*•]\s+/, ''))
  const notes = sentences.flatMap((sentence): LearntNote[] => {
    if (sentence.endsWith('?') || sentence.length < MIN_CHARS || sentence.length > MAX_CHARS) return []
    const match = patterns.slice(0, isPasted ? 2 : patterns.length).map((pattern) => ({ pattern, found: pattern.looks.exec(sentence) })).find(({ found }) => found !== null)
    if (!match) return []
    const { kind, scope, importance } = match.pattern
    return [{ kind, scope, importance, text: capitalised((match.found?.groups?.['what'] ?? sentence).trim()), tags: ['said'] }]
  })
  return notes.slice(0, MAX_NOTES)
}

/** Fewer are hardly a solution. */
const MIN_STEPS = 2
const MAX_STEPS = 20

/** What solved what was asked, from a turn that ended well: what it did that took effect, in order. Null where it did too little. */
export function solutionOf(entries: readonly Entry[]): LearntNote | null {
  const asked = entries.find(({ payload }) => payload.kind === 'user_message')?.payload
  const answer = entries.findLast(({ payload }) => payload.kind === 'assistant_message')?.payload
  if (asked?.kind !== 'user_message' || answer?.kind !== 'assistant_message' || answer.text === '') return null
  const done = entries.flatMap(({ payload }) => (payload.kind === 'tool_result' && payload.outcome === 'success' ? [payload] : []))
  const steps = done.flatMap(stepOf)
  if (steps.length < MIN_STEPS || asked.text.length < MIN_CHARS) return null
  const problem = clip(asked.text, 500)
  const solution: MemorySolution = {
    problem, steps: steps.slice(-MAX_STEPS), outcome: clip(answer.text, 600),
    artifacts: artifactsOf(done),
  }
  return { kind: 'solution', scope: 'workspace', title: clip(asked.text, 80), text: problem, solution, importance: 0.4, tags: ['solved'] }
}

function stepOf({ details }: PayloadOf<'tool_result'>): string[] {
  if (details?.kind === 'diff') return [`${details.created ? 'Wrote' : 'Changed'} ${details.path}`]
  if (details?.kind === 'move') return [`Moved ${details.from} to ${details.to}`]
  if (details?.kind === 'bin') return [`Deleted ${details.path}`]
  if (details?.kind === 'script') return details.calls.flatMap(({ tool, outcome, paths }) => (tool === 'write_file' && outcome === 'success' ? paths.map((path) => `Wrote ${path}`) : []))
  if (details?.kind === 'command' && details.exitCode === 0) return [clip(`Ran ${details.command}`, 300)]
  return []
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function clip(text: string, chars: number): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length <= chars ? line : `${line.slice(0, chars - 1)}…`
}
