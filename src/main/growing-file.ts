import { randomUUID } from 'node:crypto'
import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/**
 * A file that the window writes piece by piece. The bytes go to a file beside it, which is renamed once it is whole and on the disk: a
 * crash or a full disk leaves the old file, or none, never half of one.
 */
export class GrowingFile {
  readonly path: string
  readonly #beside: string
  readonly #handle: FileHandle

  private constructor(path: string, beside: string, handle: FileHandle) {
    this.path = path
    this.#beside = beside
    this.#handle = handle
  }

  /** @param path absolute; what is there is replaced when the file is finished */
  static async begin(path: string): Promise<GrowingFile> {
    const beside = join(dirname(path), `.${basename(path)}.${randomUUID()}.part`)
    return new GrowingFile(path, beside, await open(beside, 'wx'))
  }

  /** Bytes at a place in the file, in bytes from its beginning. */
  async write(position: number, bytes: Uint8Array): Promise<void> {
    let done = 0
    while (done < bytes.byteLength) {
      const { bytesWritten } = await this.#handle.write(bytes, done, bytes.byteLength - done, position + done)
      done += bytesWritten
    }
  }

  async finish(): Promise<void> {
    try {
      await this.#handle.sync()
      await this.#handle.close()
      await rename(this.#beside, this.path)
    } catch (error) {
      await this.discard()
      throw error
    }
  }

  /** Leaves nothing. */
  async discard(): Promise<void> {
    await this.#handle.close().catch(() => undefined)
    await rm(this.#beside, { force: true })
  }
}

/** The growing files of a window, by a name that nobody can guess. */
export class GrowingFiles {
  readonly #files = new Map<string, GrowingFile>()

  get isEmpty(): boolean {
    return this.#files.size === 0
  }

  async begin(path: string): Promise<string> {
    const id = randomUUID()
    this.#files.set(id, await GrowingFile.begin(path))
    return id
  }

  write(id: string, position: number, bytes: Uint8Array): Promise<void> {
    return this.#of(id).write(position, bytes)
  }

  async finish(id: string): Promise<void> {
    const file = this.#of(id)
    this.#files.delete(id)
    await file.finish()
  }

  async discard(id: string): Promise<void> {
    const file = this.#files.get(id)
    this.#files.delete(id)
    await file?.discard()
  }

  /** For when the page that wrote them is gone. */
  async discardAll(): Promise<void> {
    await Promise.all([...this.#files.keys()].map((id) => this.discard(id)))
  }

  #of(id: string): GrowingFile {
    const file = this.#files.get(id)
    if (!file) throw new Error('this file is not being written any more')
    return file
  }
}
