import { join } from 'node:path'
import { _electron, type ElectronApplication } from '@playwright/test'
import { chromiumSwitches } from '../scripts/open-window.mjs'
import { projectRoot } from '../scripts/run-command.mjs'
import {
  askForFiles,
  collectComplaints,
  stepTimeout,
  type ProgramStart,
  type RunningProgram
} from './running-program.ts'

/** The executable and arguments of the desktop program; a second start with the same `dataDir` meets the first. */
export function desktopCommand({ dataDir, files }: ProgramStart): { executable: string; args: string[] } {
  const { WEDGEVIEW_ELECTRON: executable, WEDGEVIEW_NO_DESKTOP: reason } = process.env
  if (!executable || reason) throw new Error(`No desktop program can be started here: ${reason}`)
  const userData = join(dataDir, 'user-data')
  return { executable, args: [...chromiumSwitches(), `--user-data-dir=${userData}`, projectRoot, ...files] }
}

/** The environment of the desktop program: this process's own, and drawing in software. */
export function desktopEnvironment(): Record<string, string> {
  const inherited = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const env = Object.fromEntries(inherited)
  delete env.ELECTRON_RUN_AS_NODE
  return { ...env, WEDGEVIEW_SOFTWARE_GL: '1' }
}

export async function startDesktopProgram(start: ProgramStart): Promise<RunningProgram> {
  const { executable, args } = desktopCommand(start)
  const desktop = await _electron.launch({ executablePath: executable, args, env: desktopEnvironment() })
  askAgainWhenCollected(desktop)
  const complaints = collectComplaints(desktop.context())
  const page = await desktop.firstWindow()
  page.setDefaultTimeout(stepTimeout)
  await page.waitForLoadState()
  const openFile = async (path: string): Promise<void> => {
    // A native dialog can't be operated from here: it answers with the path at once.
    await desktop.evaluate(({ dialog }, filePath) => {
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [filePath] })
    }, path)
    await askForFiles(page)
  }
  return { page, desktop, complaints, openFile, close: () => desktop.close() }
}

/**
 * V8's inspector holds the answer of an evaluation by a weak handle only (until V8 change 8123081), so that a main process that collects
 * garbage at that moment loses it: "Resulting promise was garbage collected", seen about once in fifty runs under load. What
 * was asked has been done by then, so a question is put again only then, and what specs evaluate has to bear being done twice.
 */
function askAgainWhenCollected(desktop: ElectronApplication): void {
  const evaluate = desktop.evaluate.bind(desktop)
  const value = async (...question: Parameters<typeof evaluate>): Promise<unknown> => {
    for (let attempt = 1; ; attempt++)
      try {
        return await evaluate(...question)
      } catch (error) {
        if (attempt === 5 || !/promise was (garbage )?collected/i.test(String(error))) throw error
      }
  }
  Object.defineProperty(desktop, 'evaluate', { value })
}
