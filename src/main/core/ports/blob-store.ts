/** Content by its hash, in the profile. What is the same is kept once. */
export interface BlobStore {
  /** On disk when it resolves; gives the SHA-256 in hex. AppError DISK_FULL. */
  put(bytes: Uint8Array): Promise<string>
  /** Null when it is not there, or not what it was. */
  read(hash: string): Promise<Uint8Array | null>
  /** Nothing happens when it is not there. */
  remove(hash: string): Promise<void>
}
