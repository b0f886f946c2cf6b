const longest = 2_000

/** An address that may be opened after a click: https, without a name and a word for it. */
export function openableLink(text: string): string | null {
  if (text.length > longest || !URL.canParse(text)) return null
  const url = new URL(text)
  return url.protocol === 'https:' && url.username === '' && url.password === '' ? url.href : null
}

/** Where addresses are in a line: start and end. */
export function linksIn(line: string): readonly { readonly start: number; readonly end: number; readonly url: string }[] {
  return [...line.matchAll(/https:\/\/[^\s<>"'`\\]+/g)].flatMap((match) => {
    const text = match[0].replace(/[).,;:!?\]}]+$/, '')
    const url = openableLink(text)
    return url === null ? [] : [{ start: match.index, end: match.index + text.length, url }]
  })
}
