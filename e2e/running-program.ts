import type { BrowserContext, ElectronApplication, Page } from '@playwright/test'

export type Target = 'electron' | 'chromium'

/** What a program is started with. */
export interface ProgramStart {
  /** Everything the program itself writes goes below this folder. */
  dataDir: string
  /** Absolute paths on its command line. */
  files: readonly string[]
}

/** The program under test, in its window or in a browser. */
export interface RunningProgram {
  page: Page
  /** The desktop program's main process; null in a browser. */
  desktop: ElectronApplication | null
  complaints: Complaints
  /** Opens a file below `dataDir` as a person does: with the button and the dialog of this target. */
  openFile(path: string): Promise<void>
  close(): Promise<void>
}

/** What pages complained about since the program started. */
export interface Complaints {
  exceptions: string[]
  consoleErrors: string[]
}

export function collectComplaints(context: BrowserContext): Complaints {
  const complaints: Complaints = { exceptions: [], consoleErrors: [] }
  context.on('weberror', (thrown) => complaints.exceptions.push(thrown.error().stack ?? thrown.error().message))
  context.on('console', (message) => {
    if (message.type() === 'error') complaints.consoleErrors.push(`${message.text()} (${message.location().url})`)
  })
  return complaints
}

/** Software drawing, and nothing that Chromium would do on its own behalf. */
export const quietChromium = [
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-sync',
  '--no-first-run'
]

/** Asks for the dialog that opens files. The button, not its key: it does nothing before it is there. */
export async function askForFiles(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Open', exact: true }).first().press('Enter')
}

/** A step that can't be done fails by itself, long before its test would. */
export const stepTimeout = 30_000
