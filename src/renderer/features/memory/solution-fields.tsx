import { Plus, Trash2 } from 'lucide-react'
import { type MemoryItem, type MemorySolution, MOST_ARTIFACTS } from '#contract/memory'
import { Button } from '../../components/button'
import { TextAreaField, TextField } from '../../components/field'

interface CodeDraft {
  readonly path: string
  readonly text: string
}

/** A solution while it is written. */
export interface SolutionDraft {
  readonly problem: string
  /** One in a line. */
  readonly steps: string
  readonly outcome: string
  readonly code: readonly CodeDraft[]
}


/** What a solution is made of. */
export function SolutionFields({ draft, onChange }: { readonly draft: SolutionDraft; readonly onChange: (draft: SolutionDraft) => void }) {
  const { problem, steps, outcome, code } = draft
  const set = (change: Partial<SolutionDraft>): void => onChange({ ...draft, ...change })
  const setCode = (place: number, change: Partial<CodeDraft>): void => set({ code: code.map((one, index) => (index === place ? { ...one, ...change } : one)) })
  return (
    <fieldset className="flex flex-col gap-2 rounded-md border border-line px-2.5 pt-1 pb-2.5">
      <legend className="px-1 text-sm font-medium">Solution</legend>
      <TextAreaField prose label="Problem" value={problem} rows={rowsOf(problem, 2)} maxLength={8_000} onChange={(event) => set({ problem: event.target.value })} />
      <TextAreaField prose label="Steps" hint="One in a line." value={steps} rows={rowsOf(steps, 3)} maxLength={40_000} onChange={(event) => set({ steps: event.target.value })} />
      <TextAreaField prose label="Outcome" value={outcome} rows={rowsOf(outcome, 2)} maxLength={8_000} onChange={(event) => set({ outcome: event.target.value })} />
      {code.map(({ path, text }, index) => (
        <div key={index} role="group" aria-label={`Code ${index + 1}`} className="flex flex-col gap-1.5 border-t border-line pt-2">
          <TextField label={`File of code ${index + 1}`} value={path} maxLength={1_000} onChange={(event) => setCode(index, { path: event.target.value })} />
          <TextAreaField label={`Code ${index + 1}`} value={text} rows={rowsOf(text, 3)} maxLength={20_000} spellCheck={false} onChange={(event) => setCode(index, { text: event.target.value })} />
          <div><Button small tone="quiet" onClick={() => set({ code: code.filter((_one, other) => other !== index) })}><Trash2 aria-hidden size={14} /> Remove code {index + 1}</Button></div>
        </div>
      ))}
      {code.length < MOST_ARTIFACTS && <div><Button small tone="quiet" onClick={() => set({ code: [...code, { path: '', text: '' }] })}><Plus aria-hidden size={14} /> Add code</Button></div>}
    </fieldset>
  )
}

function rowsOf(text: string, least: number): number {
  return Math.min(12, Math.max(least, text.split('\n').length))
}

export const noSolution: SolutionDraft = { problem: '', steps: '', outcome: '', code: [] }

export function solutionDraftOf(solution: MemoryItem['solution']): SolutionDraft {
  if (solution === null) return noSolution
  const { problem, steps, outcome, artifacts } = solution
  return { problem, steps: steps.join('\n'), outcome, code: artifacts.map(({ path = '', text }) => ({ path, text })) }
}

/** Null: nothing is written in it. What the fields do not show of a piece of code stays. */
export function solutionOf({ problem, steps, outcome, code }: SolutionDraft, before: MemoryItem['solution'] = null): MemorySolution | null {
  const artifacts = code.flatMap(({ path, text }) => {
    const language = before?.artifacts.find((known) => known.path === path.trim() && known.text === text)?.language
    return path.trim() === '' && text.trim() === '' ? [] : [{ ...(path.trim() !== '' && { path: path.trim() }), ...(language !== undefined && { language }), text }]
  })
  const all = { problem: problem.trim(), steps: steps.split('\n').map((step) => step.trim().slice(0, 2_000)).filter((step) => step !== '').slice(0, 100), outcome: outcome.trim(), artifacts }
  return all.problem === '' && all.steps.length === 0 && all.outcome === '' && artifacts.length === 0 ? null : all
}
