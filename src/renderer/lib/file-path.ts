/** Paths in a workspace, with forward slashes. Pure. */

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** Empty for what is at the top. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

export function joinPath(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`
}

export function isInside(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`)
}

/** Half characters stand for bytes that are no text; outside of a path they would break things. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd')
}

/** Bytes that are no text come as half characters; control characters would break a line. Both are shown as a replacement. */
export function shownName(name: string): string {
  return wellFormed(name).replace(/[\u0000-\u001f\u007f\u0085\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
}
