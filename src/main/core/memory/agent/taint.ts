import type { Entry, PayloadOf } from '#contract/entries'
import type { FlowLabel } from '#contract/flow'
import { denials } from '../denials'
import { notesInMessage, ownWords } from './learn-by-rules'

/** Results of these hold nothing that came from outside. */
const ownTools: ReadonlySet<string> = new Set(['ask_user', 'remember', 'forget', 'graph_add', 'propose_behavior', 'task_progress', 'log_activity'])

/** Results of these are as untrusted as what they found. */
const lookUps: ReadonlySet<string> = new Set(['recall', 'graph_query'])

/**
 * Whether a model that goes on from here has read something that neither the person nor Trestle wrote: a file, a page, the output of a
 * command or another tool, an attachment, an item of the memory that is itself untrusted, or the words of an agent that had read such.
 */
export function hasReadUntrusted(path: readonly Entry[]): boolean {
  return path.some(({ payload }) => {
    switch (payload.kind) {
      case 'tool_result': return isFromOutside(payload)
      case 'user_message': return (payload.attachments?.length ?? 0) > 0 || isPassedOn(payload.labels)
      case 'memory_used': return payload.items.some(({ trust }) => trust === 'untrusted')
      default: return false
    }
  })
}

function isFromOutside({ toolName, details }: Pick<PayloadOf<'tool_result'>, 'toolName' | 'details'>): boolean {
  // A script has read what its calls have.
  if (details?.kind === 'script') return details.calls.some(({ tool, memory }) => (lookUps.has(tool) ? memory?.untrusted === true : !ownTools.has(tool)))
  return lookUps.has(toolName) ? details?.kind === 'memory' && details.untrusted : !ownTools.has(toolName)
}

/** Written by an agent that had read what is untrusted, not by a person. */
function isPassedOn(labels: readonly FlowLabel[] = []): boolean {
  return labels.some(({ label }) => label === 'untrusted')
}

const MIN_WORDS = 3
/** Words that say nothing by themselves. */
const small: ReadonlySet<string> = new Set(['a', 'an', 'the', 'this', 'that', 'to', 'of', 'in', 'on', 'at', 'for', 'and', 'is', 'are', 'be', 'was', 'it', 'i', 'you', 'he', 'she', 'they', 'we', 'my', 'your', 'their', 'his', 'her', 'our', 'user', 'users', 'person', 's', 't'])

/**
 * Whether a person said it themselves in this conversation: every word of it that says something stands in one of their messages, outside
 * of what they quote or paste, and nothing is denied that they did not deny, nor the other way round.
 */
export function saidByPerson(text: string, path: readonly Entry[]): boolean {
  const words = wordsOf(text)
  const wanted = [...words].filter((word) => !small.has(word))
  if (words.size < MIN_WORDS || wanted.length === 0) return false
  return path.some(({ payload }) => {
    if (payload.kind !== 'user_message' || isPassedOn(payload.labels)) return false
    const { own, isPasted } = ownWords(payload.text.slice(0, 20_000))
    if (notesInMessage(payload.text).some((note) => [...wordsOf(note.text)].join(' ') === [...words].join(' '))) return true
    const said = [...wordsOf(own)]
    return !isPasted && wanted.every((word) => said.some((other) => isLike(word, other))) && deniedIn(own, wanted) === denialsOf(words)
  })
}

/** Whether a text says nothing that the other one does not: for what stands beside words that a person vouches for. */
export function saysNoMore(text: string, than: string): boolean {
  const said = [...wordsOf(than)]
  return [...wordsOf(text)].filter((word) => !small.has(word)).every((word) => said.some((other) => isLike(word, other)))
}

/** The denials of the sentences that it is about. */
function deniedIn(message: string, wanted: readonly string[]): string {
  const least = Math.min(2, wanted.length)
  const sentences = message.split(/(?<=[.!?;])\s+|\n+/).map((sentence) => [...wordsOf(sentence)])
  const about = sentences.filter((sentence) => wanted.filter((word) => sentence.some((other) => isLike(word, other))).length >= least)
  return denialsOf(new Set(about.flat()))
}

function denialsOf(words: ReadonlySet<string>): string {
  return [...words].filter((word) => denials.has(word)).sort().join(' ')
}

/** The same word, or another form of it: prefers, preferred. */
function isLike(left: string, right: string): boolean {
  const [short, long] = left.length <= right.length ? [left, right] : [right, left]
  return short === long || (short.length >= 4 && long.length - short.length <= 3 && long.startsWith(short))
}

function wordsOf(text: string): Set<string> {
  return new Set(text.normalize('NFKC').toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])
}
