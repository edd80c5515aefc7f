import { WedgeviewError } from '../../shared/errors.ts'
import type { DesktopBridge } from '../../shared/desktop.ts'

/** A file that grows while a movie is made: nobody sees it before it is whole. */
export interface MovieFile {
  /** Bytes at a place in the file; the end of it unless told otherwise. */
  write(bytes: Uint8Array, position?: number): Promise<void>
  /** The file is whole. Resolves to where it is. */
  finish(): Promise<string>
  /** Leaves nothing. */
  discard(): Promise<void>
}

/** What a browser keeps in memory before it can save it. */
export const memoryLimitBytes = 1.5 * 1024 ** 3

/** Asks where on the desktop; in a browser the file becomes a download. Null when cancelled. */
export async function newMovieFile(suggestedName: string): Promise<MovieFile | null> {
  return window.desktop ? desktopFile(window.desktop, suggestedName) : downloadedFile(suggestedName)
}

async function desktopFile(desktop: DesktopBridge, suggestedName: string): Promise<MovieFile | null> {
  const begun = await desktop.beginFile(suggestedName)
  if (!begun) return null
  let end = 0
  return {
    write: async (bytes, position = end) => {
      end = Math.max(end, position + bytes.byteLength)
      await desktop.writeFile(begun.id, position, bytes)
    },
    finish: async () => {
      await desktop.finishFile(begun.id)
      return begun.path
    },
    discard: () => desktop.discardFile(begun.id)
  }
}

function downloadedFile(name: string): MovieFile {
  const memory = new MemoryFile(memoryLimitBytes)
  return {
    write: (bytes, position) => Promise.resolve(memory.write(bytes, position)),
    finish: () => {
      const address = URL.createObjectURL(memory.blob())
      const link = document.createElement('a')
      link.href = address
      link.download = name
      link.click()
      URL.revokeObjectURL(address)
      return Promise.resolve(name)
    },
    discard: () => Promise.resolve(memory.clear())
  }
}

/** Bytes in memory, in the pieces in which they came. */
export class MemoryFile {
  readonly #limit: number
  #pieces: Uint8Array<ArrayBuffer>[] = []
  #starts: number[] = []
  #end = 0

  constructor(limitBytes: number) {
    this.#limit = limitBytes
  }

  /** Appends, or writes over what is there; a gap is filled with zeros. @throws WedgeviewError movie-too-large */
  write(bytes: Uint8Array, position = this.#end): void {
    if (position + bytes.byteLength > this.#limit)
      throw new WedgeviewError(
        'usage',
        'movie-too-large',
        `The movie grew beyond the ${(this.#limit / 1024 ** 3).toFixed(1)} GiB that a browser can keep for a download.`,
        'Choose fewer frames or a smaller size, or make it in the desktop program, which writes to the disk.'
      )
    if (bytes.byteLength === 0) return
    if (position > this.#end) this.write(new Uint8Array(position - this.#end))
    const over = Math.min(bytes.byteLength, this.#end - position)
    if (over > 0) this.#overwrite(bytes.subarray(0, over), position)
    if (over === bytes.byteLength) return
    this.#pieces.push(bytes.slice(over))
    this.#starts.push(this.#end)
    this.#end = position + bytes.byteLength
  }

  blob(): Blob {
    return new Blob(this.#pieces)
  }

  clear(): void {
    this.#pieces = []
    this.#starts = []
    this.#end = 0
  }

  #overwrite(bytes: Uint8Array, position: number): void {
    this.#pieces.forEach((piece, i) => {
      const start = this.#starts[i]
      const from = Math.max(position, start)
      const to = Math.min(position + bytes.byteLength, start + piece.byteLength)
      if (from < to) piece.set(bytes.subarray(from - position, to - position), from - start)
    })
  }
}
