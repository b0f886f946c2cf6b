import { useQuery } from '@tanstack/react-query'
import type { McpPrompt } from '#contract/mcp'
import type { Session } from '#contract/sessions'
import { CommandError, type SlashCommand } from '../../../features/chat/composer/slash-command'
import { useServices } from '../../../lib/services'

/**
 * Prompts of MCP servers: what they give is put into the message field, where a person reads it before they send it. And resources that are named
 * by filling something in: what they hold is attached.
 */
export function useServerCommands(session: Session): readonly SlashCommand[] {
  const { client, orpc, drafts, attach } = useServices()
  const offers = useQuery({ ...orpc.mcp.offers.queryOptions({ input: { ...(session.workspaceId !== null && { workspaceId: session.workspaceId }) } }), staleTime: 30_000 })
  const prompts = (offers.data?.prompts ?? []).map((prompt): SlashCommand => ({
    name: prompt.name, description: `${prompt.server}: ${prompt.description === '' ? prompt.ownName : prompt.description}`,
    ...(prompt.arguments.length > 0 && { argument: prompt.arguments.map(({ name, required }) => (required ? `${name}=…` : `[${name}=…]`)).join(' ') }),
    run: async (argument) => {
      const { text } = await client.mcp.getPrompt({ id: prompt.serverId, name: prompt.ownName, arguments: readArguments(prompt, argument) })
      if (text.trim() === '') throw new CommandError('The server gave nothing for this.')
      // One that begins like a command is a message all the same.
      drafts.set(session.id, text.startsWith('/') ? `/${text}` : text)
      return `This is what ${prompt.server} proposes. Read it before you send it.`
    },
  }))
  const taken = new Set(prompts.map(({ name }) => name))
  const templates = (offers.data?.templates ?? []).filter(({ name }) => !taken.has(name)).map((template): SlashCommand => ({
    name: template.name, description: `Attach from ${template.server}: ${template.description === '' ? template.ownName : template.description}`,
    ...(template.variables.length > 0 && { argument: template.variables.map((name) => `${name}=…`).join(' ') }),
    run: async (argument) => {
      const wanted = { arguments: template.variables.map((name) => ({ name, description: '', required: true })) }
      const { name, text, base64 } = await client.mcp.readTemplate({ id: template.serverId, uriTemplate: template.uriTemplate, values: readArguments(wanted, argument) })
      await attach(session.id, base64 === null ? { from: 'text', name, text: text ?? '' } : { from: 'bytes', name, base64 })
      return `${name} goes with the next message.`
    },
  }))
  return [...prompts, ...templates]
}

/** `name=value` or `name="a value"`; what stands alone is the first one. */
function readArguments(prompt: Pick<McpPrompt, 'arguments'>, typed: string): Record<string, string> {
  const values: Record<string, string> = {}
  const rest = typed.replace(/([\w.-]+)=(?:"([^"]*)"|(\S*))/g, (_whole, name: string, quoted: string | undefined, plain: string | undefined) => {
    values[name] = quoted ?? plain ?? ''
    return ''
  }).trim()
  const [first] = prompt.arguments
  if (rest !== '' && first !== undefined && values[first.name] === undefined) values[first.name] = rest
  const missing = prompt.arguments.filter(({ name, required }) => required && values[name] === undefined)
  if (missing.length > 0) throw new CommandError(`It needs ${missing.map(({ name, description }) => `${name}=…${description === '' ? '' : ` (${description})`}`).join(', ')}.`)
  return values
}
