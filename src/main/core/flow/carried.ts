import type { FlowLabel, FlowSource } from '#contract/flow'

/** Says only that something private could have been read; what the command was for, a person has seen. It stays with the conversation. */
export const BARE_COMMAND = 'a command outside of the sandbox, which can read all files of yours'

const LONGEST_WHY = 300
const LONGEST_ORIGIN = 150
const LONGEST_PATH = 80
const LONGEST_NAME = 40
const after = ' after it had read '

/** Why a file that an agent wrote has a label. `title`: of the conversation; null: it is gone. */
export function whyOfFile(path: string, title: string | null, why: string): string {
  const file = path === '' ? 'a file of this folder' : path.length > LONGEST_PATH ? `…${path.slice(-LONGEST_PATH)}` : path
  return `${file}, written in ${title === null ? 'another session' : `“${title.slice(0, LONGEST_NAME)}”`}${after}${originOf(why).slice(0, LONGEST_ORIGIN)}`.slice(0, LONGEST_WHY)
}

/** What was read in the first place, however many files it has gone through. */
export function originOf(why: string): string {
  return why.slice(why.lastIndexOf(after) === -1 ? 0 : why.lastIndexOf(after) + after.length)
}

/** Of each kind the newest, as it goes with what is written: one is enough. */
export function carriedBy(sources: readonly (FlowLabel | FlowSource)[]): FlowLabel[] {
  const carried = sources.filter(({ why }) => why !== BARE_COMMAND)
  return (['untrusted', 'private'] as const).flatMap((label): FlowLabel[] => {
    const newest = carried.findLast((source) => source.label === label)
    return newest ? [{ label, why: originOf(newest.why) }] : []
  })
}
