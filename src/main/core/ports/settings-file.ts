/** The file that holds the settings of a profile. */
export interface SettingsFile {
  readonly path: string
  /** Null when there is none. Throws AppError when it cannot be read or is too large. */
  read(): string | null
  /** In one step: the old content or the new one, never a part. Throws AppError DISK_FULL or PERMISSION_DENIED. */
  write(text: string): void
  /** Calls back soon after anyone has changed the file. The result stops it. */
  watch(onChange: () => void): () => void
}
