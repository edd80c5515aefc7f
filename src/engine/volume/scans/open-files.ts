import { fileIdentity } from '../file-identity.ts'
import { openVolume } from '../open-volume.ts'
import type { Volume } from '../volume.ts'
import type { ScannedFile } from './protocol.ts'

interface OpenFile {
  identity: string | null
  truncated: ScannedFile['truncated']
  volume: Promise<Volume>
  users: number
  /** Closed as soon as nobody uses it. */
  released: boolean
}

/** Files that may be scanned again soon: a compressed one is costly to open. */
const keptOpen = 4

/** The files that scans read, opened at most once each and anew when they change. */
export class OpenFiles {
  readonly #files = new Map<string, OpenFile>()

  async use<T>(
    { path, truncated }: ScannedFile,
    signal: AbortSignal,
    action: (volume: Volume) => Promise<T>
  ): Promise<T> {
    const identity = await fileIdentity(path)
    signal.throwIfAborted()
    const file = this.#opened(path, truncated, identity)
    file.users++
    try {
      return await action(await file.volume)
    } finally {
      file.users--
      if (file.released && file.users === 0) await closed(file)
    }
  }

  async release(path: string): Promise<void> {
    const file = this.#files.get(path)
    if (!file) return
    this.#files.delete(path)
    file.released = true
    if (file.users === 0) await closed(file)
  }

  #opened(path: string, truncated: ScannedFile['truncated'], identity: string | null): OpenFile {
    const known = this.#files.get(path)
    if (known && known.truncated === truncated && known.identity === identity && identity !== null) return known
    if (known) void this.release(path)
    const volume = openVolume(path, { truncated, blocking: true })
    const file: OpenFile = { identity, truncated, volume, users: 0, released: false }
    this.#files.set(path, file)
    volume.catch(() => {
      if (this.#files.get(path) === file) this.#files.delete(path)
    })
    for (const [oldest, { users }] of this.#files) {
      if (this.#files.size <= keptOpen) break
      if (users === 0 && oldest !== path) void this.release(oldest)
    }
    return file
  }
}

async function closed({ volume }: OpenFile): Promise<void> {
  // A file that could not be opened needs no closing.
  await volume.then(
    (open) => open.close(),
    () => undefined
  )
}
