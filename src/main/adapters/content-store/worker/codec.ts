import * as zlib from 'node:zlib'

/** `zstd-dense`: at a level that takes its time. */
export type CodecName = 'zstd' | 'zstd-dense' | 'deflate' | 'raw'

export const DENSE_LEVEL = 9

export interface Codec {
  readonly name: CodecName
  compress(bytes: Buffer): Promise<Buffer>
  compressSync(bytes: Buffer): Buffer
}

/** zstd where this Node has it, else deflate at its fastest: both read what was written with either. */
export function chooseCodec(level = 1): Codec {
  if (!('zstdCompressSync' in zlib)) {
    return {
      name: 'deflate',
      compress: (bytes) => settle((done) => { zlib.deflateRaw(bytes, { level: 1 }, done) }),
      compressSync: (bytes) => zlib.deflateRawSync(bytes, { level: 1 }),
    }
  }
  const params = { [zlib.constants.ZSTD_c_compressionLevel]: level }
  // Room for most results: else they come in pieces of 16 kB, each over the thread that reads files meanwhile.
  const options = (bytes: Buffer) => ({ params, chunkSize: Math.max(4096, bytes.length >> 2) })
  return {
    name: level >= DENSE_LEVEL ? 'zstd-dense' : 'zstd',
    compress: (bytes) => settle((done) => { zlib.zstdCompress(bytes, options(bytes), done) }),
    compressSync: (bytes) => zlib.zstdCompressSync(bytes, options(bytes)),
  }
}

/** Throws when the bytes are damaged, or this Node cannot read them. Never gives more than `size` bytes. */
export function decompress(codec: CodecName, bytes: Buffer, size: number): Buffer {
  switch (codec) {
    case 'raw':
      return bytes
    case 'deflate':
      return zlib.inflateRawSync(bytes, { maxOutputLength: Math.max(1, size) })
    case 'zstd':
    case 'zstd-dense':
      return zlib.zstdDecompressSync(bytes, { chunkSize: Math.max(64, size), maxOutputLength: Math.max(1, size) })
  }
}

function settle(start: (done: (error: Error | null, result: Buffer) => void) => void): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    start((error, result) => {
      if (error) reject(error)
      else resolve(result)
    })
  })
}
