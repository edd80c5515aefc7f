import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, join } from 'node:path'
import { z } from 'zod'
import type { AutosaveOffer } from '../../shared/session/api.ts'
import { readSession } from '../../shared/session/read-session.ts'
import type { SessionFile } from '../../shared/session/session-file.ts'
import { writeWhole } from '../files/write-whole.ts'

const recordSchema = z.object({
  format: z.literal('wedgeview-autosave'),
  owner: z.object({ host: z.string(), pid: z.number().int() }),
  savedAt: z.string(),
  /** Of the session file that was in use. */
  path: z.string().nullable(),
  unsaved: z.boolean(),
  /** The program ended properly. */
  ended: z.boolean(),
  /** Read as a session file is: it may be of an older version. */
  session: z.unknown()
})
type AutosaveRecord = z.infer<typeof recordSchema>

export interface Autosave {
  path: string | null
  unsaved: boolean
  session: SessionFile
}

/** More crashes in a row than anyone goes back to. */
const keptCrashes = 5

/**
 * What is open, kept beside the program's data as it changes, so that nothing is lost by a crash. One file a program; those of programs that
 * ended are offered to the next.
 */
export class Autosaves {
  readonly #folder: string | null
  readonly #isAlone: boolean
  readonly #id = `${process.pid}-${randomUUID()}`
  #latest: Autosave | null = null
  #writing: Promise<void> = Promise.resolve()
  #isEnded = false

  /**
   * @param folder null: nothing is kept
   * @param isAlone no other program uses the folder (the desktop's single window), so that whatever is there was left
   */
  constructor(folder: string | null, isAlone: boolean) {
    this.#folder = folder
    this.#isAlone = isAlone
  }

  /** Keeps this in place of what was kept before. Resolves once it is on the disk, or something later is. */
  keep(autosave: Autosave): Promise<void> {
    this.#latest = autosave
    return this.#write(false)
  }

  /** What is kept was saved to a file: so nothing of it is lost, also where the program ends right now. */
  async saved(path: string, session: SessionFile): Promise<void> {
    if (!this.#latest) return
    this.#latest = { path, unsaved: false, session }
    await this.#write(false)
  }

  /** Nothing is worth keeping any more. */
  async drop(): Promise<void> {
    this.#latest = null
    await this.#write(false)
  }

  /** The last one first. @param mayOffer by the paths of its tomograms */
  async offers(mayOffer: (paths: readonly string[]) => Promise<boolean>): Promise<AutosaveOffer[]> {
    await this.#writing
    const offers: AutosaveOffer[] = []
    for (const [id, record] of await this.#records()) {
      const session = sessionOf(record)
      if (!session || !(await mayOffer(session.files.map(({ path }) => path)))) continue
      offers.push({
        id,
        savedAt: record.savedAt,
        state: id === this.#id ? 'own' : record.ended ? 'left' : 'crashed',
        name: record.path && basename(record.path),
        tomograms: session.files.map(({ path }) => basename(path))
      })
    }
    return offers.sort((a, b) => b.savedAt.localeCompare(a.savedAt))
  }

  /** Null where it is gone. */
  async read(id: string): Promise<Autosave | null> {
    await this.#writing
    const record = (await this.#records()).find(([other]) => other === id)?.[1]
    const session = record && sessionOf(record)
    return record && session ? { path: record.path, unsaved: record.unsaved, session } : null
  }

  async discard(id: string): Promise<void> {
    const known = (await this.#records()).some(([other]) => other === id)
    if (known) await rm(this.#file(id), { force: true })
  }

  /**
   * The program ends. What is saved already goes; the rest is offered at the next start, in place of what an earlier program left, as long as it
   * did not crash.
   */
  async end(): Promise<void> {
    const latest = this.#latest
    if (latest && latest.path !== null && !latest.unsaved) this.#latest = null
    await this.#write(true)
    const others = (await this.#records()).filter(([id]) => id !== this.#id)
    const crashes = others.filter(([, { ended }]) => !ended).sort(([, a], [, b]) => b.savedAt.localeCompare(a.savedAt))
    const left = this.#latest ? others.filter(([, { ended }]) => ended) : []
    for (const [id] of [...left, ...crashes.slice(keptCrashes)]) await rm(this.#file(id), { force: true })
  }

  #write(ended: boolean): Promise<void> {
    if (this.#folder === null || this.#isEnded) return Promise.resolve()
    this.#isEnded = ended
    const folder = this.#folder
    this.#writing = this.#writing
      .then(async () => {
        const path = this.#file(this.#id)
        if (!this.#latest) return rm(path, { force: true })
        const { session, ...facts } = this.#latest
        const owner = { host: hostname(), pid: process.pid }
        const record: AutosaveRecord = {
          format: 'wedgeview-autosave',
          owner,
          savedAt: new Date().toISOString(),
          ...facts,
          ended,
          session
        }
        await mkdir(folder, { recursive: true, mode: 0o700 })
        await writeWhole(path, JSON.stringify(record))
      })
      // A full disk must not stand in the way of looking; the window tells that sessions can't be kept when one is saved.
      .catch(() => undefined)
    return this.#writing
  }

  #file(id: string): string {
    return join(this.#folder ?? '', `${id}.json`)
  }

  /** This program's, and those of programs that run no more. */
  async #records(): Promise<[id: string, record: AutosaveRecord][]> {
    if (this.#folder === null) return []
    const names = (await readdir(this.#folder).catch(() => [])).filter((name) => /^[\w-]+\.json$/.test(name))
    const read = await Promise.all(
      names.map(async (name) => [basename(name, '.json'), await this.#record(name)] as const)
    )
    return read.flatMap(([id, record]) => {
      if (!record || (id !== this.#id && !record.ended && !this.#isAlone && isAtWork(record))) return []
      return [[id, record]]
    })
  }

  async #record(name: string): Promise<AutosaveRecord | null> {
    try {
      return recordSchema.parse(JSON.parse(await readFile(join(this.#folder ?? '', name), 'utf8')))
    } catch {
      // Not ours, or of a program that knows more.
      return null
    }
  }
}

function sessionOf({ session }: AutosaveRecord): SessionFile | null {
  try {
    return readSession(JSON.stringify(session), 'The autosave')
  } catch {
    return null
  }
}

/** Whether the program that wrote it may still run; of another machine that shares the folder nobody can tell. */
function isAtWork({ owner: { host, pid } }: AutosaveRecord): boolean {
  if (host !== hostname()) return true
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
