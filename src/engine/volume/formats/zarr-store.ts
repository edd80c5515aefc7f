import { open, readFile } from 'node:fs/promises'
import { join, normalize, sep } from 'node:path'
import type { AbsolutePath, AsyncReadable, RangeQuery } from 'zarrita'

/**
 * A local folder as a Zarr store, for reading. A key that would leave the folder (a damaged or hostile `path` in the metadata) does not
 * exist.
 */
export class FolderStore implements AsyncReadable {
  private readonly folder: string

  constructor(folder: string) {
    this.folder = normalize(folder)
  }

  async get(key: AbsolutePath, options: { signal?: AbortSignal } = {}): Promise<Uint8Array | undefined> {
    const path = this.pathOf(key)
    return path === undefined ? undefined : absent(readFile(path, { signal: options.signal }))
  }

  async getRange(
    key: AbsolutePath,
    range: RangeQuery,
    options: { signal?: AbortSignal } = {}
  ): Promise<Uint8Array | undefined> {
    const path = this.pathOf(key)
    const handle = path === undefined ? undefined : await absent(open(path, 'r'))
    if (!handle) return undefined
    try {
      options.signal?.throwIfAborted()
      const { size } = await handle.stat()
      const from = 'suffixLength' in range ? Math.max(0, size - range.suffixLength) : range.offset
      const length = Math.min('suffixLength' in range ? range.suffixLength : range.length, size - from)
      const bytes = new Uint8Array(Math.max(0, length))
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, from)
      return bytes.subarray(0, bytesRead)
    } finally {
      await handle.close()
    }
  }

  private pathOf(key: string): string | undefined {
    const path = join(this.folder, key)
    return path.startsWith(this.folder.endsWith(sep) ? this.folder : this.folder + sep) ? path : undefined
  }
}

async function absent<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined
    throw error
  }
}
