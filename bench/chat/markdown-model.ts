import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { answerOf } from './messages'

/** What every reply ends with, as it is shown. */
export const lastWords = 'Nothing comes after this.'

/** A reply of so many tokens, with code, tables and lists, as a model would write it. */
export function replyOf(tokens: number): readonly string[] {
  const pieces: string[] = []
  for (let turn = 0; pieces.length < tokens; turn += 1) pieces.push(...(`${answerOf(turn)}\n\n`.match(/\s*\S{1,6}|\s+/g) ?? []))
  return [...pieces.slice(0, tokens - 1), `\n\n${lastWords}`]
}

/** Sends the pieces at a rate, and catches up when a timer was late. */
export function pace(pieces: readonly string[], perSecond: number, send: (text: string) => void, end: () => void): () => void {
  const started = performance.now()
  let sent = 0
  const timer = setInterval(() => {
    const due = Math.min(pieces.length, Math.floor(((performance.now() - started) / 1000) * perSecond))
    if (due > sent) send(pieces.slice(sent, due).join(''))
    sent = due
    if (sent < pieces.length) return
    clearInterval(timer)
    end()
  }, 4)
  return () => clearInterval(timer)
}

/** Speaks as much of OpenAI's chat completions as a streamed reply needs. */
export async function startMarkdownModel(pieces: readonly string[], perSecond: number): Promise<{ readonly url: string; readonly close: () => void }> {
  const chunk = (delta: object, finish: string | null = null): string =>
    `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'bench', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`
  const answer = (response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(chunk({ role: 'assistant', content: '' }))
    const stop = pace(pieces, perSecond, (content) => void response.write(chunk({ content })), () => void response.end(`${chunk({}, 'stop')}data: [DONE]\n\n`))
    response.on('close', stop)
  }
  const server = createServer((request, response) => {
    request.resume().on('end', () => (request.url?.endsWith('/chat/completions') === true ? answer(response) : response.setHeader('content-type', 'application/json').end('{"object":"list","data":[{"id":"bench","object":"model"}]}')))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    url: `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}/v1`,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
