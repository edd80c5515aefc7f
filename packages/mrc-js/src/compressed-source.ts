import { once } from 'node:events'
import { mkdtemp, open, rm, statfs } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGunzip } from 'node:zlib'
import type { Gunzip } from 'node:zlib'
import { Bzip2Decoder, bzip2BlockInputLimit } from './bzip2.ts'
import { bufferSource, fileHandleSource } from './byte-source.ts'
import type { ByteSource } from './byte-source.ts'
import { errorText, MrcError, systemCode } from './error.ts'
import type { Compression } from './mrc-file.ts'

const readBytes = 1024 * 1024
/** Decompressed data up to this size stays in memory, larger data goes to a temporary file. */
const memoryLimitBytes = 64 * 1024 * 1024

/** What a file's first bytes say about compression. */
export function detectCompression([a, b, c]: Uint8Array): Compression {
  if (a === 0x1f && b === 0x8b) return 'gzip'
  if (a === 0x42 && b === 0x5a && c === 0x68) return 'bzip2'
  return 'none'
}

export interface DecompressOptions {
  signal?: AbortSignal
  /** Where a large file is decompressed to. Default the system's temporary folder. */
  temporaryFolder?: string
  /** Called with the fraction of the compressed file that has been read. */
  onProgress?(fraction: number): void
  /** Given the first bytes, the most bytes to decompress: whatever follows is not needed. */
  neededBytes(head: Uint8Array): number
  headBytes: number
  /** Closes the compressed source, when the result is closed. */
  close(): Promise<void>
}

/** Decompressed data; where the compressed data are damaged or end too early, what came before that, and what is wrong. */
export interface Decompressed {
  source: ByteSource
  damage: MrcError | null
}

/**
 * Decompresses a source once, as a stream, and returns one that can be read at random. Never writes or keeps more than the header says the
 * file needs, whatever the compressed data would expand to. Closing the result removes the temporary file.
 * Throws MrcError: disk-full, too-large, write-failed.
 */
export async function decompress(
  source: ByteSource,
  compression: 'gzip' | 'bzip2',
  options: DecompressOptions
): Promise<Decompressed> {
  const store = new DecompressedStore(source.name, options.temporaryFolder ?? tmpdir())
  const chunks = compression === 'gzip' ? gunzip(source, options) : bunzip2(source, options)
  let limit = Infinity
  let damage: MrcError | null = null
  try {
    try {
      for await (const chunk of chunks) {
        options.signal?.throwIfAborted()
        await store.add(chunk.subarray(0, Math.max(0, limit - store.size)))
        if (limit === Infinity && store.size >= options.headBytes) {
          limit = options.neededBytes(store.head(options.headBytes))
          await store.reserve(limit)
          store.truncate(limit)
        }
        if (store.size >= limit) break
      }
    } catch (error) {
      options.signal?.throwIfAborted()
      if (!(error instanceof MrcError) || error.code !== 'corrupt-compression') throw error
      damage = error
    }
    return { source: await store.source(options.close), damage }
  } catch (error) {
    await store.remove()
    throw error
  }
}

async function* compressedChunks(source: ByteSource, options: DecompressOptions): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < source.size; offset += readBytes) {
    yield await source.read(offset, readBytes, options.signal)
    options.onProgress?.(Math.min(1, (offset + readBytes) / source.size))
  }
}

async function* gunzip(source: ByteSource, options: DecompressOptions): AsyncGenerator<Uint8Array> {
  const stream = createGunzip({ chunkSize: gunzipBytes })
  const stopped = new AbortController()
  const feed = async (): Promise<void> => {
    for await (const chunk of compressedChunks(source, options)) {
      if (stopped.signal.aborted) return
      if (!stream.write(chunk)) await once(stream, 'drain', { signal: stopped.signal })
    }
    stream.end()
  }
  const feeding = feed().catch((error: unknown) => {
    if (!stopped.signal.aborted) stream.destroy(error instanceof Error ? error : new Error(errorText(error)))
  })
  try {
    yield* chunksBeforeError(stream)
  } catch (error) {
    throw systemCode(error)?.startsWith('Z_')
      ? new MrcError(
          'corrupt-compression',
          `${source.name} is damaged as a gzip file: ${errorText(error)}.`,
          'Copy or download the file again.',
          { cause: error }
        )
      : error
  } finally {
    stopped.abort()
    stream.destroy()
    await feeding
  }
}

/** What zlib has decompressed of a chunk when it finds damage is lost: small chunks, so that little is. */
const gunzipBytes = 64 * 1024
/** Chunks that wait to be taken before the stream is paused. */
const mostWaiting = 32

/** What a stream gives, also what it gave before it failed, which iterating over the stream itself would drop. */
async function* chunksBeforeError(stream: Gunzip): AsyncGenerator<Uint8Array> {
  const waiting: Uint8Array[] = []
  let outcome: { error: unknown } | 'running' | 'ended' = 'running'
  let wake = (): void => undefined
  stream.on('data', (chunk: Uint8Array) => {
    waiting.push(chunk)
    if (waiting.length >= mostWaiting) stream.pause()
    wake()
  })
  stream.on('end', () => {
    outcome = 'ended'
    wake()
  })
  stream.on('error', (error) => {
    outcome = { error }
    wake()
  })
  const state = (): typeof outcome => outcome
  for (;;) {
    const chunk = waiting.shift()
    if (chunk) {
      yield chunk
      if (waiting.length === 0 && stream.isPaused()) stream.resume()
      continue
    }
    const now = state()
    if (now === 'ended') return
    if (now !== 'running') throw now.error
    await new Promise<void>((resolve) => (wake = resolve))
  }
}

async function* bunzip2(source: ByteSource, options: DecompressOptions): AsyncGenerator<Uint8Array> {
  const decoder = new Bzip2Decoder(source.name)
  const input = compressedChunks(source, options)
  let atEnd = false
  for (;;) {
    while (!atEnd && decoder.unread < bzip2BlockInputLimit) {
      const next = await input.next()
      if (next.done) atEnd = true
      else decoder.push(next.value)
    }
    const block = decoder.nextBlock()
    if (!block) return
    yield block
    // Decoding a block takes tens of milliseconds: let others run in between.
    await new Promise((resolve) => setImmediate(resolve))
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten
  }
}

/** Bytes that arrive in order: in memory while few, then in a temporary file. */
class DecompressedStore {
  size = 0
  private readonly name: string
  private readonly parent: string
  private chunks: Uint8Array[] = []
  private file: { handle: FileHandle; folder: string } | undefined

  constructor(name: string, parent: string) {
    this.name = name
    this.parent = parent
  }

  head(length: number): Uint8Array {
    return Buffer.concat(this.chunks).subarray(0, length)
  }

  /** Refuses early when the temporary folder has no room for `bytes`. */
  async reserve(bytes: number): Promise<void> {
    if (bytes <= memoryLimitBytes) return
    const { bavail, bsize } = await statfs(this.parent)
    if (bavail * bsize < bytes) throw this.noRoom(bytes)
  }

  async add(chunk: Uint8Array): Promise<void> {
    if (!this.file && this.size + chunk.length <= memoryLimitBytes) {
      this.chunks.push(chunk)
      this.size += chunk.length
      return
    }
    try {
      if (!this.file) await this.moveToFile()
      if (this.file) await writeAll(this.file.handle, chunk, this.size)
      this.size += chunk.length
    } catch (error) {
      const code = systemCode(error)
      if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') throw this.noRoom(this.size + chunk.length)
      throw new MrcError(
        'write-failed',
        `${this.name} can't be decompressed to ${this.parent}: ${errorText(error)}.`,
        'Choose another temporary folder, or decompress the file yourself.',
        { cause: error }
      )
    }
  }

  truncate(bytes: number): void {
    if (this.file || this.size <= bytes) return
    this.chunks = [Buffer.concat(this.chunks).subarray(0, bytes)]
    this.size = bytes
  }

  async source(closeCompressed: () => Promise<void>): Promise<ByteSource> {
    const { file } = this
    if (!file) {
      const memory = bufferSource(Buffer.concat(this.chunks), this.name)
      this.chunks = []
      return { ...memory, close: closeCompressed }
    }
    const inner = fileHandleSource(file.handle, this.name, this.size)
    return {
      ...inner,
      close: async () => {
        await inner.close()
        await rm(file.folder, { recursive: true, force: true })
        await closeCompressed()
      }
    }
  }

  async remove(): Promise<void> {
    this.chunks = []
    if (!this.file) return
    await this.file.handle.close().catch(() => {})
    await rm(this.file.folder, { recursive: true, force: true })
  }

  private async moveToFile(): Promise<void> {
    const folder = await mkdtemp(join(this.parent, 'mrc-js-'))
    const path = join(folder, 'decompressed.mrc')
    const handle = await open(path, 'wx+')
    this.file = { handle, folder }
    // On systems that allow it the name goes at once, so that not even a killed process leaves the file behind.
    if (process.platform !== 'win32') await rm(folder, { recursive: true, force: true })
    let position = 0
    for (const chunk of this.chunks) {
      await writeAll(handle, chunk, position)
      position += chunk.length
    }
    this.chunks = []
  }

  private noRoom(bytes: number): MrcError {
    return new MrcError(
      'disk-full',
      `${this.name} needs ${bytes} bytes in ${this.parent} when decompressed, and there is no room. Nothing was left behind.`,
      'Free some space, set another temporary folder, or decompress the file yourself.'
    )
  }
}
