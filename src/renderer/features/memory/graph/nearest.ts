interface Placed {
  readonly x: number
  readonly y: number
}

const directions: Readonly<Record<string, readonly [number, number] | undefined>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

/** The next one in the direction of an arrow key; null for other keys, and where there is none. */
export function nearest<T extends Placed>(dots: readonly T[], from: T, key: string): T | null {
  const direction = directions[key]
  if (!direction) return null
  let best: { readonly dot: T; readonly cost: number } | null = null
  for (const dot of dots) {
    const [dx, dy] = [dot.x - from.x, dot.y - from.y]
    const along = dx * direction[0] + dy * direction[1]
    const aside = Math.abs(dx * direction[1]) + Math.abs(dy * direction[0])
    const cost = along + aside * 2
    if (dot !== from && along > 0 && (best === null || cost < best.cost)) best = { dot, cost }
  }
  return best?.dot ?? null
}
