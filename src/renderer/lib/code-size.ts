const fallback = 13

/** The size of code that the settings ask for, in pixels: for what draws its text itself and cannot read the style sheet. */
export function codeSize(root: Element = document.documentElement): number {
  const size = Number.parseFloat(getComputedStyle(root).getPropertyValue('--code-size'))
  return Number.isFinite(size) && size > 0 ? size : fallback
}
