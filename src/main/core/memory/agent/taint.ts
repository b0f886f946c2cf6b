import type { Entry } from '#contract/entries'
import type { FlowLabel } from '#contract/flow'

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
      case 'tool_result': return lookUps.has(payload.toolName) ? payload.details?.kind === 'memory' && payload.details.untrusted : !ownTools.has(payload.toolName)
      case 'user_message': return (payload.attachments?.length ?? 0) > 0 || isPassedOn(payload.labels)
      case 'memory_used': return payload.items.some(({ trust }) => trust === 'untrusted')
      default: return false
    }
  })
}

/** Written by an agent that had read what is untrusted, not by a person. */
function isPassedOn(labels: readonly FlowLabel[] = []): boolean {
  return labels.some(({ label }) => label === 'untrusted')
}

/** The part of the words that a person must have said for a note to be theirs. */
const SAID = 0.8
const MIN_WORDS = 3

/** Whether a person said it themselves in this conversation: nearly all of its words, in one message. */
export function saidByPerson(text: string, path: readonly Entry[]): boolean {
  const wanted = wordsOf(text)
  if (wanted.size < MIN_WORDS) return false
  return path.some(({ payload }) => {
    if (payload.kind !== 'user_message' || isPassedOn(payload.labels)) return false
    const said = wordsOf(payload.text.slice(0, 20_000))
    let found = 0
    for (const word of wanted) if (said.has(word)) found += 1
    return found / wanted.size >= SAID
  })
}

function wordsOf(text: string): Set<string> {
  return new Set(text.normalize('NFKC').toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])
}
