/** Where a text occurs in another one, in whatever case; occurrences do not overlap. */
export function matchesIn(text: string, query: string): readonly number[] {
  if (query === '') return []
  const [searched, wanted] = [text.toLowerCase(), query.toLowerCase()]
  const found: number[] = []
  for (let at = searched.indexOf(wanted); at !== -1; at = searched.indexOf(wanted, at + wanted.length)) found.push(at)
  return found
}
