import type { Directory } from '../../shared/directory'

/** Folders that are held open from one path to the next, since neighbours have most of their way in common. */
export interface Parents {
  /** Throws what `Directory.enter` throws. */
  of(folder: string): Directory
  /** Lets go of all: before others get their turn, and when a folder was removed. */
  release(): void
}

export function createParents(top: Directory): Parents {
  const held: { readonly name: string; readonly directory: Directory }[] = []
  const dropFrom = (depth: number) => {
    for (const { directory } of held.splice(depth).reverse()) directory.close()
  }
  return {
    of: (folder) => {
      const names = folder === '' ? [] : folder.split('/')
      const common = held.findIndex(({ name }, depth) => name !== names[depth])
      dropFrom(common < 0 ? names.length : common)
      for (const name of names.slice(held.length)) held.push({ name, directory: (held.at(-1)?.directory ?? top).enter(name) })
      return held.at(-1)?.directory ?? top
    },
    release: () => { dropFrom(0) },
  }
}
