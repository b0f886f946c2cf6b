import { os } from '../implementer'
import type { Services } from '../services'

export function mcpHandlers({ mcp, mcpVisitors }: Services) {
  return {
    list: os.mcp.list.handler(async () => ({ items: await mcp.list() })),
    propose: os.mcp.propose.handler(({ input }) => mcp.propose(input.text)),
    proposeFromFolder: os.mcp.proposeFromFolder.handler(({ input }) => mcp.proposeFromFolder(input.workspaceId)),
    create: os.mcp.create.handler(({ input, context }) => mcp.create(input, context.traceId)),
    change: os.mcp.change.handler(({ input: { id, ...server }, context }) => mcp.change(id, server, context.traceId)),
    remove: os.mcp.remove.handler(async ({ input, context }) => {
      await mcp.remove(input.id, context.traceId)
      return {}
    }),
    enable: os.mcp.enable.handler(({ input, context }) => mcp.enable(input.id, input.fingerprint, context.traceId)),
    disable: os.mcp.disable.handler(({ input, context }) => mcp.disable(input.id, context.traceId)),
    restart: os.mcp.restart.handler(({ input }) => mcp.restart(input.id, input.outside)),
    stop: os.mcp.stop.handler(({ input }) => mcp.stop(input.id)),
    signIn: os.mcp.signIn.handler(({ input }) => mcp.signIn(input.id)),
    signOut: os.mcp.signOut.handler(({ input, context }) => mcp.signOut(input.id, context.traceId)),
    tools: os.mcp.tools.handler(({ input }) => ({ items: mcp.tools(input.id) })),
    held: os.mcp.held.handler(() => mcp.held()),
    decideTools: os.mcp.decideTools.handler(({ input, context }) => ({ items: mcp.decideTools(input.id, input.tools, context.traceId) })),
    offers: os.mcp.offers.handler(({ input }) => mcp.offers(input.workspaceId ?? null)),
    readResource: os.mcp.readResource.handler(({ input }) => mcp.readResource(input.id, input.uri)),
    readTemplate: os.mcp.readTemplate.handler(({ input }) => mcp.readTemplate(input.id, input.uriTemplate, input.values)),
    getPrompt: os.mcp.getPrompt.handler(({ input }) => mcp.getPrompt(input.id, input.name, input.arguments)),
    clients: os.mcp.clients.handler(() => ({ items: mcpVisitors.list() })),
    limitClient: os.mcp.limitClient.handler(({ input, context }) => ({ items: mcpVisitors.limit(input.name, input.access, context.traceId) })),
    log: os.mcp.log.handler(({ input }) => mcp.log(input.id)),
  }
}
