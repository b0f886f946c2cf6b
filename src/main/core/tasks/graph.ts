/**
 * The way from `id` back to itself that there would be if it waited for `dependsOn`: ids, `id` first and last. Null: there is
 * none. `dependenciesOf` tells what the others wait for.
 */
export function findCycle(id: string, dependsOn: readonly string[], dependenciesOf: (id: string) => readonly string[]): string[] | null {
  const cameFrom = new Map<string, string>()
  const open: string[] = []
  const reach = (next: string, from: string) => {
    if (cameFrom.has(next)) return
    cameFrom.set(next, from)
    open.push(next)
  }
  for (const next of dependsOn) reach(next, id)
  for (let current = open.shift(); current !== undefined && !cameFrom.has(id); current = open.shift()) {
    for (const next of dependenciesOf(current)) reach(next, current)
  }
  return cameFrom.has(id) ? pathBack(id, cameFrom) : null
}

function pathBack(id: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const path = [id]
  let current = cameFrom.get(id) ?? id
  while (current !== id) {
    path.unshift(current)
    current = cameFrom.get(current) ?? id
  }
  return [id, ...path]
}
