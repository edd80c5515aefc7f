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

/** A window of this program: what it shows, and whether it went in order. */
interface Window {
  latest: Autosave | null
  isLeft: boolean
}

/**
 * What is open, kept beside the program's data as it changes, so that nothing is lost by a crash. One file a window, so that two tabs of a browser
 * don't write over each other; those of programs that ended, and of windows that are gone, are offered to the next.
 */
export class Autosaves {
  readonly #folder: string | null
  readonly #isAlone: boolean
  readonly #hears: (window: string) => boolean
  /** Begins the names of this program's files. */
  readonly #program = `${process.pid}-${randomUUID()}-`
  readonly #windows = new Map<string, Window>()
  #writing: Promise<void> = Promise.resolve()
  #isEnded = false

  /**
   * @param folder null: nothing is kept
   * @param isAlone no other program uses the folder and this one has a single window (the desktop), so that whatever is there was left
   * @param hears whether a window of this program is there
   */
  constructor(folder: string | null, isAlone: boolean, hears: (window: string) => boolean) {
    this.#folder = folder
    this.#isAlone = isAlone
    this.#hears = hears
  }

  /** Keeps this in place of what the window showed before. Resolves once it is on the disk, or something later is. */
  keep(window: string, latest: Autosave, isLeft: boolean): Promise<void> {
    // What a page sends while the program ends comes too late: what was saved would be offered.
    if (this.#isEnded) return Promise.resolve()
    this.#windows.set(window, { latest, isLeft })
    return this.#write(window, false)
  }

  /** A window goes, in order, and has nothing new. */
  leave(window: string): void {
    const known = this.#windows.get(window)
    if (known) known.isLeft = true
  }

  /** What is kept was saved to a file: so nothing of it is lost, also where the program ends right now. */
  async saved(window: string, path: string, session: SessionFile): Promise<void> {
    const known = this.#windows.get(window)
    if (this.#isEnded || !known?.latest) return
    known.latest = { path, unsaved: false, session }
    await this.#write(window, false)
  }

  /** Nothing of a window is worth keeping any more; null: of none. */
  async drop(window: string | null): Promise<void> {
    if (this.#isEnded) return
    for (const [name, known] of this.#windows) {
      if (window !== null && name !== window) continue
      known.latest = null
      await this.#write(name, false)
    }
  }

  /** To a window; the last one first. @param mayOffer by the paths of its tomograms */
  async offers(window: string, mayOffer: (paths: readonly string[]) => Promise<boolean>): Promise<AutosaveOffer[]> {
    await this.#writing
    const offers: AutosaveOffer[] = []
    for (const [id, record] of await this.#records()) {
      const session = sessionOf(record)
      const state = this.#stateOf(id, record, window)
      if (!session || state === null || !(await mayOffer(session.files.map(({ path }) => path)))) continue
      offers.push({
        id,
        savedAt: record.savedAt,
        state,
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
    await this.#writing
    const window = this.#windowOf(id)
    if (window !== null) this.#windows.delete(window)
    const known = (await this.#records()).some(([other]) => other === id)
    if (known) await rm(this.#file(id), { force: true })
  }

  /**
   * The program ends. What is saved already goes; the rest is offered at the next start, in place of what an earlier program left, as long as it
   * did not crash.
   */
  async end(): Promise<void> {
    this.#isEnded = true
    for (const [window, known] of this.#windows) {
      if (known.latest && isSaved(known.latest)) known.latest = null
      await this.#write(window, true)
    }
    const others = (await this.#records()).filter(([id]) => this.#windowOf(id) === null)
    const crashes = others.filter(([, { ended }]) => !ended).sort(([, a], [, b]) => b.savedAt.localeCompare(a.savedAt))
    const hasLeft = [...this.#windows.values()].some(({ latest }) => latest !== null)
    const left = hasLeft ? others.filter(([, { ended }]) => ended) : []
    for (const [id] of [...left, ...crashes.slice(keptCrashes)]) await rm(this.#file(id), { force: true })
  }

  /** Null: it is not to be offered, since its window shows it, or its file has it. */
  #stateOf(id: string, record: AutosaveRecord, asking: string): AutosaveOffer['state'] | null {
    const window = this.#windowOf(id)
    if (window === null) return record.ended ? 'left' : 'crashed'
    if (window === asking) return 'own'
    if (!this.#isAlone && this.#hears(window)) return null
    if (!this.#windows.get(window)?.isLeft) return 'crashed'
    return isSaved(record) ? null : 'closed'
  }

  /** Of this program's; null: another's. */
  #windowOf(id: string): string | null {
    return id.startsWith(this.#program) ? id.slice(this.#program.length) : null
  }

  #write(window: string, ended: boolean): Promise<void> {
    if (this.#folder === null) return Promise.resolve()
    const folder = this.#folder
    this.#writing = this.#writing
      .then(async () => {
        const path = this.#file(this.#program + window)
        const latest = this.#windows.get(window)?.latest
        if (!latest) return rm(path, { force: true })
        const { session, ...facts } = latest
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
      const isOthers = this.#windowOf(id) === null
      if (!record || (isOthers && !record.ended && !this.#isAlone && isAtWork(record))) return []
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

function isSaved({ path, unsaved }: Pick<Autosave, 'path' | 'unsaved'>): boolean {
  return path !== null && !unsaved
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
