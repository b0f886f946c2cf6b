/** What this window remembers on this machine. Reads give null and writes do nothing where storage is off or full. */
export interface LocalMemory {
  read(key: string): string | null
  write(key: string, value: string | null): void
}

const prefix = 'trestle.'

export function createLocalMemory(storage: () => Storage): LocalMemory {
  return {
    read: (key) => {
      try {
        return storage().getItem(prefix + key)
      } catch {
        return null
      }
    },
    write: (key, value) => {
      try {
        if (value === null) storage().removeItem(prefix + key)
        else storage().setItem(prefix + key, value)
      } catch {
        // A full or forbidden storage costs a remembered layout or draft, never the work itself.
      }
    },
  }
}

/** Forgets everything that this machine remembers of the window. */
export function forgetLocalMemory(storage: () => Storage): void {
  try {
    for (const key of Object.keys(storage())) if (key.startsWith(prefix)) storage().removeItem(key)
  } catch {
    // Then nothing was remembered.
  }
}
