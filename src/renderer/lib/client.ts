import { createORPCClient } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import { createTanstackQueryUtils } from '@orpc/tanstack-query'
import type { Contract } from '#contract'
import type { Connection } from './connection'

export type Client = ContractRouterClient<Contract>

export function createClient(connection: Pick<Connection, 'link'>): Client {
  return createORPCClient(connection.link)
}

export function createQueryUtils(client: Client) {
  return createTanstackQueryUtils(client)
}
export type QueryUtils = ReturnType<typeof createQueryUtils>
