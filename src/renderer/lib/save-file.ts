/** Gives a file to the browser's downloads, or to the app's. */
export function saveFile(name: string, parts: readonly string[], type: string): void {
  const url = URL.createObjectURL(new Blob([...parts], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The download has begun by then, and keeps the content.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
