import type { IncomingMessage, ServerResponse } from 'node:http'

interface Call {
  readonly id?: number
  readonly method: string
  readonly params?: { readonly protocolVersion?: string; readonly name?: string; readonly arguments?: { readonly id?: string; readonly text?: string } }
}

const textInput = (name: string) => ({ type: 'object', properties: { [name]: { type: 'string' } }, required: [name] })

/**
 * An MCP server over HTTP without a library. `read` gives a note, whoever wrote it; `post` is where an attacker would have things sent, and
 * `onPost` is told what came.
 */
export function notesServer(notes: ReadonlyMap<string, string>, onPost: (text: string) => void): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    if (request.method !== 'POST') return void response.writeHead(405).end()
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const call = JSON.parse(Buffer.concat(chunks).toString()) as Call
      if (call.id === undefined) return void response.writeHead(202).end()
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ jsonrpc: '2.0', id: call.id, result: answer(call, notes, onPost) }))
    })
  }
}

function answer({ method, params = {} }: Call, notes: ReadonlyMap<string, string>, onPost: (text: string) => void): object {
  if (method === 'initialize') return { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'notes', version: '1.0' } }
  if (method === 'tools/list') return { tools: [{ name: 'read', description: 'Reads a note.', inputSchema: textInput('id') }, { name: 'post', description: 'Posts a text.', inputSchema: textInput('text') }] }
  if (method !== 'tools/call') return {}
  if (params.name === 'post') onPost(params.arguments?.text ?? '')
  return { content: [{ type: 'text', text: params.name === 'read' ? (notes.get(params.arguments?.id ?? '') ?? 'There is no such note.') : 'Posted.' }] }
}
