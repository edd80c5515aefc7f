import { mkdir, readFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { z } from 'zod'
import { recentFileSchema, type RecentFile } from '../../shared/session/api.ts'
import { isSessionName } from '../../shared/session/session-file.ts'
import { writeWhole } from '../files/write-whole.ts'

const limit = 12

/** Tomograms and sessions that were opened last, the newest first. */
export class RecentFiles {
  readonly #file: string | null
  #changing: Promise<void> = Promise.resolve()

  /** @param file where they are kept; null: nowhere */
  constructor(file: string | null) {
    this.#file = file
  }

  async list(): Promise<RecentFile[]> {
    await this.#changing
    return this.#read()
  }

  add(path: string): Promise<void> {
    const kind = isSessionName(path) ? 'session' : 'tomogram'
    const entry: RecentFile = { path, name: basename(path), kind, openedAt: new Date().toISOString() }
    return this.#change((entries) => [entry, ...entries.filter((other) => other.path !== path)].slice(0, limit))
  }

  remove(path: string): Promise<void> {
    return this.#change((entries) => entries.filter((other) => other.path !== path))
  }

  clear(): Promise<void> {
    return this.#change(() => [])
  }

  #change(edit: (entries: RecentFile[]) => RecentFile[]): Promise<void> {
    const file = this.#file
    if (file === null) return Promise.resolve()
    this.#changing = this.#changing
      .then(async () => {
        await mkdir(dirname(file), { recursive: true })
        await writeWhole(file, `${JSON.stringify(edit(await this.#read()), null, 1)}\n`)
      })
      // Where the program's data can't be written there is no list; nothing else needs it.
      .catch(() => undefined)
    return this.#changing
  }

  async #read(): Promise<RecentFile[]> {
    if (this.#file === null) return []
    try {
      return z.array(recentFileSchema).parse(JSON.parse(await readFile(this.#file, 'utf8')))
    } catch {
      return []
    }
  }
}
