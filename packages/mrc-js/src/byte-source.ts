import { closeSync, constants, fstatSync, openSync, read as readCallback, readSync } from 'node:fs'
import type { Stats } from 'node:fs'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { errorText, MrcError, systemCode } from './error.ts'

/**
 * Where a file's bytes come from. A source may be read from several places at once; it keeps no position.
 * Reading past `size` returns what there is.
 */
export interface ByteSource {
  readonly size: number
  readonly name: string
  read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array>
  /** Optional: fills `target` from `offset` and returns the number of bytes read; saves an allocation a read. */
  readInto?(target: Uint8Array, offset: number, signal?: AbortSignal): Promise<number>
  /** Optional: bytes without a copy, or null where the source has none in memory. The caller must not change them. */
  view?(offset: number, length: number): Uint8Array | null
  /**
   * Optional: reads `length` bytes from `offset` into `target` at `start`, at once and in this thread; returns the number read. Slices of a
   * source that has it are read so as long as that is quick.
   */
  readSync?(target: Uint8Array, start: number, length: number, offset: number): number
  /** Optional: the open file's descriptor, good in every thread of this process until the source is closed. */
  readonly descriptor?: number
  close(): Promise<void>
}

export interface FileSourceOptions {
  /** Read in this thread what can be read at once, see OpenOptions. Default false. */
  blocking?: boolean
}

/** Opens a file for positional reads. Throws MrcError: not-found, is-directory, not-readable. */
export async function openFileSource(path: string, { blocking = false }: FileSourceOptions = {}): Promise<ByteSource> {
  if (blocking) return openBlockingSource(path)
  let handle: FileHandle
  try {
    handle = await open(path, constants.O_RDONLY)
  } catch (error) {
    throw openError(path, error)
  }
  try {
    return fileHandleSource(handle, path, regularFileBytes(path, await handle.stat()))
  } catch (error) {
    await handle.close()
    throw error instanceof MrcError ? error : openError(path, error)
  }
}

function openBlockingSource(path: string): ByteSource {
  let descriptor: number | undefined
  try {
    const opened = openSync(path, constants.O_RDONLY)
    descriptor = opened
    const bytes = regularFileBytes(path, fstatSync(opened))
    return descriptorSource(opened, path, bytes, { blocking: true, close: async () => closeSync(opened) })
  } catch (error) {
    if (descriptor !== undefined) closeSync(descriptor)
    throw error instanceof MrcError ? error : openError(path, error)
  }
}

function regularFileBytes(path: string, status: Stats): number {
  if (status.isDirectory()) throw directoryError(path)
  if (status.isFile()) return status.size
  throw new MrcError(
    'not-readable',
    `${path} is not a regular file (a pipe or a device).`,
    'Save the data to a file first: MRC files are read at random positions.'
  )
}

function directoryError(path: string): MrcError {
  return new MrcError('is-directory', `${path} is a folder, not an MRC file.`, 'Choose a file inside that folder.')
}

function openError(path: string, error: unknown): MrcError {
  const code = systemCode(error)
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new MrcError('not-found', `${path} does not exist.`, 'Check the path and the spelling.', { cause: error })
  }
  if (code === 'EISDIR') return directoryError(path)
  if (code === 'EACCES' || code === 'EPERM') {
    return new MrcError('not-readable', `No permission to read ${path}.`, 'Ask its owner for read permission.', {
      cause: error
    })
  }
  return new MrcError(
    'not-readable',
    `${path} can't be opened: ${errorText(error)}.`,
    'Check that the disk or network share is connected.',
    { cause: error }
  )
}

/** A header and a small extended header are read in a blocking source's own thread, larger pieces through the pool. */
const readHereBytes = 64 * 1024

/** One positional read. The callback form costs half of FileHandle.read, which counts where a slice takes hundreds of reads. */
function readAt(descriptor: number, target: Uint8Array, offset: number): Promise<number> {
  return new Promise((resolve, reject) => {
    readCallback(descriptor, target, 0, target.length, offset, (error, bytesRead) => {
      if (error) reject(error)
      else resolve(bytesRead)
    })
  })
}

/** A source on an already open file. Closing the source closes the handle. */
export function fileHandleSource(handle: FileHandle, name: string, size: number): ByteSource {
  return descriptorSource(handle.fd, name, size, { blocking: false, close: () => handle.close() })
}

/** A source on an open file descriptor. `close` is called once, when no read is on its way any more. */
export function descriptorSource(
  descriptor: number,
  name: string,
  size: number,
  { blocking, close }: { blocking: boolean; close: () => Promise<void> }
): ByteSource {
  let closed = false
  // The descriptor must not be closed, and given to another file, under a read that is on its way.
  let onTheWay = 0
  let drained: (() => void) | undefined
  const readOnce = async (target: Uint8Array, offset: number): Promise<number> => {
    onTheWay++
    try {
      return await readAt(descriptor, target, offset)
    } finally {
      onTheWay--
      if (onTheWay === 0) drained?.()
    }
  }
  const readInto = async (target: Uint8Array, offset: number, signal?: AbortSignal): Promise<number> => {
    let done = 0
    while (done < target.length) {
      signal?.throwIfAborted()
      if (closed) throw closedError(name)
      let bytesRead: number
      try {
        bytesRead = await readOnce(done === 0 ? target : target.subarray(done), offset + done)
      } catch (error) {
        throw closed ? closedError(name) : readError(name, target.length, offset, error)
      }
      if (bytesRead === 0) break
      done += bytesRead
    }
    signal?.throwIfAborted()
    return done
  }
  const readHere = (target: Uint8Array, start: number, length: number, offset: number): number => {
    if (closed) throw closedError(name)
    let done = 0
    try {
      while (done < length) {
        const bytesRead = readSync(descriptor, target, start + done, length - done, offset + done)
        if (bytesRead === 0) break
        done += bytesRead
      }
    } catch (error) {
      throw readError(name, length, offset, error)
    }
    return done
  }
  return {
    size,
    name,
    descriptor,
    readInto,
    ...(blocking && { readSync: readHere }),
    async read(offset, length, signal) {
      signal?.throwIfAborted()
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)))
      const here = blocking && bytes.length <= readHereBytes
      const done = here ? readHere(bytes, 0, bytes.length, offset) : await readInto(bytes, offset, signal)
      return done === bytes.length ? bytes : bytes.subarray(0, done)
    },
    async close() {
      if (closed) return
      closed = true
      if (onTheWay > 0) await new Promise<void>((resolve) => (drained = resolve))
      await close()
    }
  }
}

function readError(name: string, length: number, offset: number, error: unknown): MrcError {
  return new MrcError(
    'read-failed',
    `Reading ${length} bytes at ${offset} of ${name} failed: ${errorText(error)}.`,
    'The disk or network share may have gone away. Check it and open the file again.',
    { cause: error }
  )
}

/** A source over bytes in memory. `read` copies; the bytes given are never changed. */
export function bufferSource(given: Uint8Array, name = 'memory'): ByteSource {
  // A Node Buffer's slice is a view where a plain array's is a copy.
  const bytes = new Uint8Array(given.buffer, given.byteOffset, given.length)
  const clip = (offset: number, length: number): Uint8Array =>
    bytes.subarray(Math.min(offset, bytes.length), Math.min(offset + length, bytes.length))
  return {
    size: bytes.length,
    name,
    async read(offset, length, signal) {
      signal?.throwIfAborted()
      return clip(offset, length).slice()
    },
    async readInto(target, offset, signal) {
      signal?.throwIfAborted()
      const part = clip(offset, target.length)
      target.set(part)
      return part.length
    },
    view: clip,
    async close() {}
  }
}

/** Fills `target` from the source, whether or not it offers `readInto`. Returns the bytes read. */
export async function readFully(
  source: ByteSource,
  target: Uint8Array,
  offset: number,
  signal?: AbortSignal
): Promise<number> {
  if (source.readInto) return source.readInto(target, offset, signal)
  const bytes = await source.read(offset, target.length, signal)
  target.set(bytes.length > target.length ? bytes.subarray(0, target.length) : bytes)
  return Math.min(bytes.length, target.length)
}

function closedError(name: string): MrcError {
  return new MrcError('closed', `${name} was read after it had been closed.`, 'Open the file again.')
}
