import { closeSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

export interface RotatingFileOptions {
  readonly folder: string
  /** `trestle` makes trestle.log, trestle.1.log, … */
  readonly name: string
  readonly maxBytes: number
  readonly maxFiles: number
}

export interface RotatingFile {
  /** In the hands of the operating system when it returns. Never throws: what cannot be logged is lost. */
  write(line: string): void
  close(): void
}

export function openRotatingFile(options: RotatingFileOptions): RotatingFile {
  const pathOf = (index: number) => join(options.folder, index === 0 ? `${options.name}.log` : `${options.name}.${index}.log`)
  let file: { readonly descriptor: number; bytes: number } | null = null

  const open = () => {
    mkdirSync(options.folder, { recursive: true, mode: 0o700 })
    const descriptor = openSync(pathOf(0), 'a', 0o600)
    return { descriptor, bytes: fstatSync(descriptor).size }
  }
  const close = () => {
    if (file) closeSync(file.descriptor)
    file = null
  }
  const rotate = () => {
    close()
    rmSync(pathOf(options.maxFiles - 1), { force: true })
    for (let index = options.maxFiles - 2; index >= 0; index--) moveIfThere(pathOf(index), pathOf(index + 1))
  }

  return {
    write: (line) => {
      try {
        const bytes = Buffer.from(line)
        file ??= open()
        if (file.bytes > 0 && file.bytes + bytes.length > options.maxBytes) {
          rotate()
          file = open()
        }
        file.bytes += writeSync(file.descriptor, bytes)
      } catch {
        tryQuietly(close)
        file = null
      }
    },
    close: () => tryQuietly(close),
  }
}

function moveIfThere(from: string, to: string): void {
  tryQuietly(() => renameSync(from, to))
}

function tryQuietly(work: () => void): void {
  try {
    work()
  } catch {
    // A log must not be what stops the work.
  }
}
