import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isAlive } from '../posterior/staging.ts'

const nameOf = /^wedgeview-derived-(\d+)-/

/** A folder for files of this process, made when it is first needed, removed at the end; those of processes that died go then, too. */
export class ScratchFolder {
  #path: Promise<string> | null = null

  path(): Promise<string> {
    this.#path ??= this.#made()
    return this.#path
  }

  async remove(): Promise<void> {
    const path = await this.#path
    this.#path = null
    if (path) await rm(path, { recursive: true, force: true })
  }

  async #made(): Promise<string> {
    const parent = tmpdir()
    for (const name of await readdir(parent)) {
      const owner = nameOf.exec(name)?.[1]
      // One that belongs to somebody else is theirs to remove.
      if (owner && !isAlive(Number(owner)))
        await rm(join(parent, name), { recursive: true, force: true }).catch(() => undefined)
    }
    return mkdtemp(join(parent, `wedgeview-derived-${process.pid}-`))
  }
}
