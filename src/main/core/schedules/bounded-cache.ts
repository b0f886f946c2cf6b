/** Makes a value per key once; beyond `limit` the one that was not used for longest goes. What `make` throws is not kept. */
export function createBoundedCache<T>(limit: number, make: (key: string) => T): (key: string) => T {
  const values = new Map<string, T>()
  return (key) => {
    const known = values.get(key)
    const value = known ?? make(key)
    if (known !== undefined) values.delete(key)
    values.set(key, value)
    if (values.size > limit) for (const oldest of values.keys()) {
      values.delete(oldest)
      break
    }
    return value
  }
}
