import { startModelServer, type ModelServer, type ScriptedReply } from '../src/testing/model-server'

export interface ModelScript extends Pick<ModelServer, 'url' | 'requests' | 'received' | 'abandoned' | 'close'> {
  /** Adds replies to those that are not used up yet. */
  reply(...replies: readonly ScriptedReply[]): void
  /** What it finds worth remembering of turns from now on: its answer to that question. */
  learn(answer: string): void
  /** Adds one that is given only once the returned function is called. */
  hold(reply: ScriptedReply): () => void
}

/** A model that answers what the test lines up, in order; without a reply left, it refuses. */
export async function startModelScript(): Promise<ModelScript> {
  const replies: (ScriptedReply | Promise<ScriptedReply>)[] = []
  let learnt = '[]'
  const server = await startModelServer(() => replies.shift() ?? { status: 400, error: 'the test has lined up no reply' }, { learnt: () => learnt })
  return {
    url: server.url,
    requests: server.requests,
    received: server.received,
    abandoned: server.abandoned,
    close: server.close,
    reply: (...more) => void replies.push(...more),
    learn: (answer) => {
      learnt = answer
    },
    hold: (reply) => {
      let release = () => {}
      replies.push(new Promise((resolve) => {
        release = () => resolve(reply)
      }))
      return () => release()
    },
  }
}
