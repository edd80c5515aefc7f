import { constants } from 'node:fs'
import { access, lstat, stat } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import type { MethodId } from '../../shared/methods.ts'
import { followLinks, isInside } from './path-access.ts'
import type { ApiOptions } from './options.ts'

/** The name of the folder that holds a tomogram's runs. */
export function runsFolderName(tomogramPath: string): string {
  return `${basename(tomogramPath, extname(tomogramPath))}.wedgeview`
}

/** Chooses where run folders go, and never the same place twice, also for runs that still wait. */
export class RunPlaces {
  readonly #options: Pick<ApiOptions, 'resources' | 'runsFallback'>
  readonly #taken = new Set<string>()

  constructor(options: Pick<ApiOptions, 'resources' | 'runsFallback'>) {
    this.#options = options
  }

  /**
   * `<name>.wedgeview/<method>-<n>` beside the tomogram; where that folder can't be written, belongs to the
   * program itself, or where a file (a session) has that name, the same below the fallback folder.
   */
  async next(tomogramPath: string, method: MethodId): Promise<string> {
    const beside = dirname(tomogramPath)
    const free = (await this.#mayWrite(beside)) && !(await isFile(join(beside, runsFolderName(tomogramPath))))
    const folder = free ? beside : this.#options.runsFallback
    for (let n = 1; ; n++) {
      const path = join(folder, runsFolderName(tomogramPath), `${method}-${n}`)
      if (this.#taken.has(path) || (await exists(path))) continue
      this.#taken.add(path)
      return path
    }
  }

  /** Gives a place back that no run was written to. */
  release(path: string): void {
    this.#taken.delete(path)
  }

  async #mayWrite(folder: string): Promise<boolean> {
    if (isInside(await followLinks(this.#options.resources), folder)) return false
    return access(folder, constants.W_OK).then(
      () => true,
      () => false
    )
  }
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isFile() ?? false
}

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null)) !== null
}
