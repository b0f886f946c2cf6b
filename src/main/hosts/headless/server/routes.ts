import { isContractProcedure } from '@orpc/contract'
import { contract } from '#contract'

export interface ApiRoute {
  readonly method: string
  /** With `{name}` for a part that varies. */
  readonly path: string
  /** For instance `sessions.create`. */
  readonly name: string
}

export function contractRoutes(): readonly ApiRoute[] {
  return routesUnder(contract, [])
}

/** Methods that a path takes; empty for a path that no route has. */
export function methodsOf(path: string, routes: readonly ApiRoute[]): readonly string[] {
  const parts = path.split('/')
  const matches = (route: ApiRoute) => {
    const pattern = route.path.split('/')
    return pattern.length === parts.length && pattern.every((part, index) => (part.startsWith('{') ? isValue(parts[index]) : part === parts[index]))
  }
  return [...new Set(routes.filter(matches).map((route) => route.method))].sort()
}

/** Dots lead elsewhere, however they are written. */
function isValue(part = ''): boolean {
  return part !== '' && !/^(?:\.|%2e){1,2}$/i.test(part)
}

function routesUnder(node: unknown, names: readonly string[]): ApiRoute[] {
  if (isContractProcedure(node)) {
    const { method, path } = node['~orpc'].route
    return path === undefined ? [] : [{ method: method ?? 'POST', path, name: names.join('.') }]
  }
  if (typeof node !== 'object' || node === null) return []
  return Object.entries(node).flatMap(([name, child]) => routesUnder(child, [...names, name]))
}
