import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { test as base, expect, type ElectronApplication, type Page } from '@playwright/test'
import { startBrowserProgram } from './browser-program.ts'
import { startDesktopProgram } from './desktop-program.ts'
import type { RunningProgram, Target } from './running-program.ts'

export interface ProgramOptions {
  target: Target
  /** Files on the program's command line: `test.use({ files: [sample] })`. */
  files: string[]
}

interface ProgramFixtures {
  /** A folder of this test's own; user data, runs and what the test writes. */
  dataDir: string
  program: RunningProgram
  /** The user interface, in the desktop window or in a browser. */
  page: Page
  /**
   * Opens a copy of a file in `dataDir` as a person does, in either target, and resolves to the copy's path.
   * A copy, because a reconstruction writes its run folder beside its tomogram.
   */
  openFile: (path: string) => Promise<string>
  /** The desktop program's main process. Only for specs named desktop-*, which run on the desktop alone. */
  desktop: ElectronApplication
  /** Errors in the page's console so far. Uncaught exceptions fail every test by themselves. */
  consoleErrors: string[]
}

export const test = base.extend<ProgramFixtures & ProgramOptions>({
  target: ['electron', { option: true }],
  files: [[], { option: true }],

  dataDir: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'wedgeview-e2e-'))
    await use(folder)
    await rm(folder, { recursive: true, force: true })
  },

  program: async ({ target, dataDir, files }, use) => {
    const start = target === 'electron' ? startDesktopProgram : startBrowserProgram
    const program = await start({ dataDir, files })
    await use(program)
    await program.close()
  },

  page: async ({ program }, use) => {
    await use(program.page)
    expect(program.complaints.exceptions, 'uncaught exceptions in the page').toEqual([])
  },

  openFile: async ({ program, dataDir }, use) =>
    use(async (path) => {
      const copy = join(dataDir, basename(path))
      if (copy !== path) await copyFile(path, copy)
      await program.openFile(copy)
      return copy
    }),

  consoleErrors: async ({ program }, use) => use(program.complaints.consoleErrors),

  desktop: async ({ program }, use) => {
    if (!program.desktop) throw new Error('this spec runs on the desktop only')
    await use(program.desktop)
  }
})

export { expect }
