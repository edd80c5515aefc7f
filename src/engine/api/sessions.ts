import { stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { WedgeviewError } from '../../shared/errors.ts'
import type { AutosaveOffer, OpenedSession, RecentFile, SessionSource } from '../../shared/session/api.ts'
import type { SessionFile } from '../../shared/session/session-file.ts'
import { Autosaves, type Autosave } from '../session/autosaves.ts'
import { locateSession } from '../session/located-session.ts'
import { RecentFiles } from '../session/recent-files.ts'
import { readSessionFile, writeSessionFile } from '../session/session-store.ts'
import type { ApiOptions } from './options.ts'
import { followLinks, type PathAccess } from './path-access.ts'
import { runsFolderName } from './run-place.ts'

/**
 * Session files, autosaves and recent files. On the desktop a file that a person chose as a session, or opened before, grants what it names; what
 * the window writes into one may only name what it may read itself, so that it can't grant itself anything. In a browser --root decides.
 */
export class Sessions {
  readonly #options: ApiOptions
  readonly #access: PathAccess
  readonly #autosaves: Autosaves
  readonly #recent: RecentFiles
  /** Files that opened sessions named and that were not found: kept when such a session is saved again. */
  readonly #named = new Set<string>()

  /** @param hears whether a window is there */
  constructor(options: ApiOptions, access: PathAccess, hears: (window: string) => boolean) {
    const { stateFolder } = options
    this.#options = options
    this.#access = access
    const autosaves = stateFolder === undefined ? null : join(stateFolder, 'autosave')
    this.#autosaves = new Autosaves(autosaves, options.mount === 'desktop', hears)
    this.#recent = new RecentFiles(stateFolder === undefined ? null : join(stateFolder, 'recent.json'))
  }

  /** @throws WedgeviewError `path-not-allowed`, `autosave-gone`, and as readSessionFile */
  async open(source: SessionSource, located: Readonly<Record<string, string>>): Promise<OpenedSession> {
    const { path, session, unsaved } = await this.#read(source)
    const pointedTo = Object.fromEntries(
      await Promise.all(Object.entries(located).map(async ([key, at]) => [key, await this.#access.allowed(at)]))
    )
    const folder = path === null ? '/' : dirname(path)
    const { states, found, session: placed } = await locateSession(session, folder, this.#options.resources, pointedTo)
    if (this.#options.mount === 'desktop') for (const one of found) this.#options.paths.grant(one)
    for (const { key, path: at } of placed.files) {
      if (states[key] === 'missing') this.#named.add(at)
      else if (!(await this.#access.mayRead(await followLinks(at)))) states[key] = 'forbidden'
    }
    return { path, session: placed, states, unsaved }
  }

  /** Resolves to the path. @throws WedgeviewError `path-not-allowed`, and as writeSessionFile */
  async save(window: string, path: string, session: SessionFile, force: boolean): Promise<string> {
    const target = await this.#access.allowed(path)
    await this.#assertNamesAllowed(session)
    this.#assertNoRunsFolder(target, session)
    await writeSessionFile(target, session, await followLinks(this.#options.resources), force)
    await this.#autosaves.saved(window, target, session)
    await this.#recent.add(target)
    return target
  }

  /** @param leaving the window goes, in order. @throws WedgeviewError `path-not-allowed` */
  async autosave(window: string, autosave: Autosave, leaving: boolean): Promise<void> {
    await this.#assertNamesAllowed(autosave.session)
    await this.#autosaves.keep(window, autosave, leaving)
  }

  /** A window goes, in order, with nothing new to keep. */
  leave(window: string): void {
    this.#autosaves.leave(window)
  }

  /** `window` null: of all of them. */
  dropAutosave(window: string | null): Promise<void> {
    return this.#autosaves.drop(window)
  }

  discardAutosave(id: string): Promise<void> {
    return this.#autosaves.discard(id)
  }

  /** To a window. */
  offers(window: string): Promise<AutosaveOffer[]> {
    return this.#autosaves.offers(window, async (paths) => {
      if (this.#options.mount === 'desktop') return true
      const may = await Promise.all(paths.map(async (path) => this.#access.mayRead(await followLinks(path))))
      return may.some(Boolean)
    })
  }

  /** Those that may be opened here. */
  async recent(): Promise<RecentFile[]> {
    const entries = await this.#recent.list()
    if (this.#options.mount === 'desktop') return entries
    const may = await Promise.all(entries.map(async ({ path }) => this.#access.mayRead(await followLinks(path))))
    return entries.filter((_, i) => may[i])
  }

  /** A file that was opened goes to the top of the list. @throws WedgeviewError `path-not-allowed` */
  async remember(path: string): Promise<void> {
    await this.#recent.add(await this.#access.allowed(path))
  }

  /**
   * A recent file may be opened again: it was chosen before. One that is gone is taken off the list.
   *
   * @throws WedgeviewError usage / `recent-unknown`; input / `recent-gone`, `path-not-allowed`
   */
  async openRecent(path: string): Promise<void> {
    if (!(await this.#recent.list()).some((entry) => entry.path === path))
      throw new WedgeviewError('usage', 'recent-unknown', `${path} is none of the recent files.`, 'Use Open.')
    if (!(await stat(path).catch(() => null))) {
      await this.#recent.remove(path)
      throw new WedgeviewError(
        'input',
        'recent-gone',
        `${basename(path)} is not at ${dirname(path)} any more.`,
        'It was taken off the list of recent files; open it from where it is now.'
      )
    }
    if (this.#options.mount === 'desktop') this.#options.paths.grant(path)
    await this.#access.allowed(path)
  }

  async clearRecent(): Promise<void> {
    await this.#recent.clear()
    this.#options.onRecentCleared?.()
  }

  close(): Promise<void> {
    return this.#autosaves.end()
  }

  async #read(source: SessionSource): Promise<Autosave> {
    if ('path' in source) {
      const path = await this.#access.allowed(source.path)
      return { path, session: await readSessionFile(path), unsaved: false }
    }
    const autosave = await this.#autosaves.read(source.autosave)
    if (autosave) return autosave
    throw new WedgeviewError('input', 'autosave-gone', 'What was open is not kept any more.', 'Open the files again.')
  }

  async #assertNamesAllowed({ files, bundle }: SessionFile): Promise<void> {
    for (const path of [...files.map((file) => file.path), ...(bundle ? [bundle.path] : [])])
      if (!this.#named.has(path)) await this.#access.allowed(path)
  }

  /** A tomogram's runs lie in a folder of its name: a session of that name would be in their way. */
  #assertNoRunsFolder(path: string, session: SessionFile): void {
    const taken = session.files.some((file) => join(dirname(file.path), runsFolderName(file.path)) === path)
    if (taken)
      throw new WedgeviewError(
        'input',
        'session-taken',
        `${basename(path)} beside the tomogram is where its runs go.`,
        'Choose another name for the session.'
      )
  }
}
