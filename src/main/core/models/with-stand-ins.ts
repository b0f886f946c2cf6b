import { AppError, isAppError } from '../errors'
import type { ModelEvent, ModelProvider } from '../ports/model-provider'
import { type KeyFault, type KeyHealth, keyFault } from './key-health'
import type { Candidate } from './provider-keys'

export interface StandInPorts {
  readonly health: KeyHealth
  /** The client with the value of this key. Rejects with AppError when it has none. */
  readonly clientOf: (candidate: Candidate) => Promise<ModelProvider>
  /** Another key is used from now on. */
  readonly onMoved: (from: Candidate, to: Candidate, fault: KeyFault) => void
  /** Something is known of a key that was not. */
  readonly onKnown: () => void
}

/**
 * The first of `candidates` is the key that a person chose, the others are those that may stand in for it: where it is refused or limited before
 * anything was answered, the same request is made once more with the next one.
 */
export function withStandIns(ports: StandInPorts, candidates: readonly Candidate[], first: ModelProvider): ModelProvider {
  const { embedder } = first
  return {
    stream: (request, signal) => streamed(ports, candidates, (client) => client.stream(request, signal)),
    listModels: (signal) => tried(ports, candidates, (client) => client.listModels(signal)),
    ...(embedder && {
      embedder: (model) => ({
        embed: (texts, signal) => tried(ports, candidates, (client) => (client.embedder ?? embedder)(model).embed(texts, signal)),
      }),
    }),
  }
}

/** What is asked now: those that rest only when all do, and then the chosen one alone. */
function inOrder({ health }: StandInPorts, candidates: readonly Candidate[]): readonly Candidate[] {
  const awake = candidates.filter(({ id }) => !health.isResting(id))
  return awake.length > 0 ? awake : candidates.slice(0, 1)
}

async function* streamed(ports: StandInPorts, candidates: readonly Candidate[], ask: (client: ModelProvider) => AsyncIterable<ModelEvent>): AsyncGenerator<ModelEvent, void, void> {
  const order = inOrder(ports, candidates)
  let told: AppError | null = null
  for (const [index, candidate] of order.entries()) {
    const client = await ports.clientOf(candidate).catch(asAppError)
    let begun = false
    let failure: AppError | null = client instanceof AppError ? client : null
    if (!(client instanceof AppError)) {
      for await (const event of ask(client)) {
        if (event.type === 'done') noteWorked(ports, candidate)
        if (event.type === 'error') noteFailed(ports, candidate, event.error)
        failure = event.type === 'error' && !begun ? event.error : null
        if (failure) break
        begun = true
        yield event
      }
    }
    if (failure === null) return
    // That a stand-in has no value says less than what the one before it was told.
    told = failure.code === 'KEY_MISSING' ? (told ?? failure) : failure
    if (!move(ports, candidate, order[index + 1], failure)) return yield { type: 'error', error: told }
  }
}

async function tried<T>(ports: StandInPorts, candidates: readonly Candidate[], ask: (client: ModelProvider) => Promise<T>): Promise<T> {
  const order = inOrder(ports, candidates)
  for (const [index, candidate] of order.entries()) {
    try {
      const answer = await ask(await ports.clientOf(candidate))
      noteWorked(ports, candidate)
      return answer
    } catch (error) {
      if (!isAppError(error)) throw error
      noteFailed(ports, candidate, error)
      if (!move(ports, candidate, order[index + 1], error)) throw error
    }
  }
  throw new Error('there was no key to try')
}

/** Whether the next key is to be tried. */
function move({ onMoved }: StandInPorts, from: Candidate, to: Candidate | undefined, error: AppError): boolean {
  const fault = keyFault(error)
  const isGone = error.code === 'KEY_MISSING'
  if (!to || (fault === null && !isGone)) return false
  if (fault !== null) onMoved(from, to, fault)
  return true
}

function noteWorked({ health, onKnown }: StandInPorts, { id }: Candidate): void {
  const isNews = health.isResting(id)
  health.worked(id)
  if (isNews) onKnown()
}

function noteFailed({ health, onKnown }: StandInPorts, { id }: Candidate, error: AppError): void {
  if (keyFault(error) === null) return
  const isNews = !health.isResting(id)
  health.failed(id, error)
  if (isNews) onKnown()
}

function asAppError(error: unknown): AppError {
  if (isAppError(error)) return error
  throw error
}
