/** A scrolled view, in pixels. */
export interface View {
  readonly top: number
  /** Of all there is to see. */
  readonly height: number
  /** Of what is in sight. */
  readonly viewport: number
}

/** Layouts come in fractions of a pixel. */
const slack = 1
/** Whoever scrolls down this close to the end wants to be there. */
const closeToEnd = 80

export function distanceFromEnd({ top, height, viewport }: View): number {
  return Math.max(0, height - viewport - top)
}

/**
 * Whether the newest is followed, after the view went from `before` to `now`. What grows at the end never ends the
 * following; only a person who scrolls up does, by however little.
 */
export function followsAfter(isFollowing: boolean, before: View, now: View): boolean {
  const distance = distanceFromEnd(now)
  if (distance <= slack) return true
  if (!isFollowing) return now.top > before.top && distance <= closeToEnd
  // With less to see than before, the view moves up without anyone's doing.
  const hasSameRoom = now.height >= before.height && now.viewport <= before.viewport
  return !(hasSameRoom && now.top < before.top - slack)
}
