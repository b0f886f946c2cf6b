const SHORTEST = 6

/** Takes the values of secrets out of what a server says. Very short ones are left: they would be found in everything. */
export function createScrub(values: readonly string[]): (text: string) => string {
  // Of `Bearer abc` the second part is the secret.
  const secrets = [...new Set(values.flatMap((value) => [value, value.replace(/^\w+ +/, '')]))].filter(({ length }) => length >= SHORTEST).sort((one, other) => other.length - one.length)
  return (text) => secrets.reduce((left, secret) => left.replaceAll(secret, '[secret]'), text)
}
