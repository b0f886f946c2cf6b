/** Whether a name, or the names of a path, fits a pattern. Time grows with length × length at worst, whoever wrote the pattern. */
export type Matches = (names: readonly string[]) => boolean

type Token = { readonly kind: 'literal'; readonly text: string } | { readonly kind: 'any' } | { readonly kind: 'star' } | { readonly kind: 'set'; readonly set: RegExp }
type NameMatch = (name: string) => boolean

/** `**` as a whole name stands for any number of folders; at the end for at least one name. */
export function compileGlob(glob: string): Matches {
  const parts = glob.split('/').map((part) => (part === '**' ? null : compileName(part)))
  const [only] = parts
  if (parts.length === 1 && only) return (names) => names.length === 1 && only(names[0] ?? '')
  return (names) => matchParts(parts, names)
}

function matchParts(parts: readonly (NameMatch | null)[], names: readonly string[]): boolean {
  let part = 0
  let name = 0
  let retryPart = -1
  let retryName = 0
  while (name < names.length) {
    const matcher = parts[part]
    if (matcher === null) {
      if (part === parts.length - 1) return true
      retryPart = part += 1
      retryName = name
    } else if (matcher?.(names[name] ?? '')) {
      part += 1
      name += 1
    } else if (retryPart >= 0) {
      part = retryPart
      name = retryName += 1
    } else return false
  }
  return part === parts.length
}

export function compileName(glob: string): NameMatch {
  const tokens = tokenize(glob)
  const [first, second] = tokens
  if (tokens.length === 1 && first?.kind === 'literal') return (name) => name === first.text
  if (tokens.length === 2 && first?.kind === 'star' && second?.kind === 'literal') return (name) => name.endsWith(second.text)
  return (name) => matchTokens(tokens, name)
}

/** Of the stars only the last one seen is ever tried again: taking less with an earlier one can't help. */
function matchTokens(tokens: readonly Token[], name: string): boolean {
  let token = 0
  let at = 0
  let retryToken = -1
  let retryAt = 0
  for (;;) {
    const current = tokens[token]
    if (current?.kind === 'star') {
      retryToken = token += 1
      retryAt = at
      continue
    }
    const taken = current ? lengthOf(current, name, at) : 0
    if (current ? taken > 0 : at === name.length) {
      if (!current) return true
      token += 1
      at += taken
    } else if (retryToken >= 0 && retryAt < name.length) {
      token = retryToken
      at = retryAt += 1
    } else return false
  }
}

/** 0: does not fit here. */
function lengthOf(token: Exclude<Token, { kind: 'star' }>, name: string, at: number): number {
  switch (token.kind) {
    case 'literal':
      return name.startsWith(token.text, at) ? token.text.length : 0
    case 'any':
      return at < name.length ? 1 : 0
    case 'set':
      return at < name.length && token.set.test(name[at] ?? '') ? 1 : 0
  }
}

function tokenize(glob: string): Token[] {
  const tokens: Token[] = []
  let literal = ''
  const push = (token: Token) => {
    if (literal !== '') tokens.push({ kind: 'literal', text: literal })
    literal = ''
    if (token.kind !== 'star' || tokens.at(-1)?.kind !== 'star') tokens.push(token)
  }
  for (let at = 0; at < glob.length; at += 1) {
    const character = glob[at] ?? ''
    const set = character === '[' ? /^\[([!^]?)(\]?(?:\[:\w+:\]|\\.|[^\]\\])*)\]/.exec(glob.slice(at)) : null
    if (character === '*') push({ kind: 'star' })
    else if (character === '?') push({ kind: 'any' })
    else if (set) {
      push({ kind: 'set', set: toSet(set[1] !== '', set[2] ?? '') })
      at += set[0].length - 1
    } else if (character === '\\' && at + 1 < glob.length) literal += glob[(at += 1)]
    else literal += character
  }
  if (literal !== '') tokens.push({ kind: 'literal', text: literal })
  return tokens
}

/** A set that makes no sense fits nothing. */
function toSet(negated: boolean, body: string): RegExp {
  const inside = body.replace(/\[:(\w+):\]/g, (_whole, name: string) => classes[name] ?? '').replace(/(?<!\\)[[\]^]/g, '\\$&')
  try {
    return new RegExp(`^[${negated ? '^' : ''}${inside}]$`, 's')
  } catch {
    return /(?!)/
  }
}

const classes: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z', digit: '0-9', alnum: 'A-Za-z0-9', upper: 'A-Z', lower: 'a-z', space: '\\s', xdigit: '0-9A-Fa-f',
}
