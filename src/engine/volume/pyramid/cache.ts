import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { manifestName, pyramidName, readManifest } from './manifest.ts'

export interface PyramidCacheOptions {
  /** The program's cache folder of this user. */
  folder: string
  /** Bytes that all pyramids together may take. */
  limitBytes: number
}

/** Nobody builds for a day, whatever process has that number now. */
const abandonedMilliseconds = 24 * 3600 * 1000
const partialName = /\.partial-(\d+)-\d+$/

/** Where pyramids are kept between sessions, the least recently used given up first. */
export class PyramidCache {
  readonly #folder: string
  readonly #limitBytes: number

  constructor({ folder, limitBytes }: PyramidCacheOptions) {
    this.#folder = join(folder, 'pyramids')
    this.#limitBytes = limitBytes
  }

  get limitBytes(): number {
    return this.#limitBytes
  }

  folderOf(path: string, identity: string): string {
    return join(this.#folder, pyramidName(path, identity))
  }

  /**
   * Makes room for a pyramid of `bytes` of the file at `path`: removes those of earlier states of that file and of earlier versions of
   * the program, what was left half-written, and then the least recently used but for those in `keep` (folders).
   */
  async makeRoom(path: string, bytes: number, keep: ReadonlySet<string>): Promise<void> {
    await mkdir(this.#folder, { recursive: true })
    const kept: { folder: string; bytes: number; usedAt: number }[] = []
    for (const name of await readdir(this.#folder)) {
      const folder = join(this.#folder, name)
      if (keep.has(folder)) continue
      const partial = partialName.exec(name)
      if (partial) {
        const status = await stat(folder).catch(() => null)
        const isOld = status !== null && Date.now() - status.mtimeMs > abandonedMilliseconds
        if (isOld || !isRunning(Number(partial[1]))) await remove(folder)
        continue
      }
      const manifest = await readManifest(folder)
      if (!manifest || manifest.path === path) await remove(folder)
      else kept.push({ folder, bytes: await folderBytes(folder), usedAt: await usedAt(folder) })
    }
    const inUse = await Promise.all([...keep].map(folderBytes))
    let total = bytes + [...inUse, ...kept.map((each) => each.bytes)].reduce((sum, each) => sum + each, 0)
    kept.sort((a, b) => a.usedAt - b.usedAt)
    for (const oldest of kept) {
      if (total <= this.#limitBytes) break
      await remove(oldest.folder)
      total -= oldest.bytes
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Another user's process may not be asked, but runs.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** A folder that another process has open may refuse on Windows: then it stays. */
async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true }).catch(() => undefined)
}

async function folderBytes(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => [])
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        ({ size }) => size,
        () => 0
      )
    )
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

async function usedAt(folder: string): Promise<number> {
  const status = await stat(join(folder, manifestName)).catch(() => null)
  return status?.mtimeMs ?? 0
}
