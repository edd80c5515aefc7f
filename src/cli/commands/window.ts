import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Command } from 'commander'
import { WedgeviewError } from '../../shared/errors.ts'
import type { CliIo } from '../io.ts'
import { programFolders } from '../program-folders.ts'

/** What scripts/open-window.mjs and scripts/electron-runtime.mjs offer. */
interface WindowLauncher {
  missingDisplay(): string | null
  openWindow(files: readonly string[], runtime: { path: string }): Promise<number>
}
interface RuntimeFinder {
  electronRuntime(): Promise<{ path: string }>
}

export function register(program: Command, io: CliIo): void {
  program
    .argument('[FILE...]', 'tomograms to open in the desktop window')
    .action((files: string[]) => openInWindow(files, io))
}

async function openInWindow(files: readonly string[], io: CliIo): Promise<void> {
  const paths = await Promise.all(files.map((file) => existingFile(file, io)))
  const folder = join(programFolders().root, 'scripts')
  if (!existsSync(join(folder, 'open-window.mjs'))) {
    throw noWindow('This installation has no window of its own')
  }
  // Plain scripts outside the build, which also serve `npm start` before anything is built.
  const launcher: WindowLauncher = await importScript(join(folder, 'open-window.mjs'))
  const noDisplay = launcher.missingDisplay()
  if (noDisplay) throw noWindow(noDisplay)
  const finder: RuntimeFinder = await importScript(join(folder, 'electron-runtime.mjs'))
  const runtime = await finder.electronRuntime().catch((error: unknown) => {
    throw noWindow(error instanceof Error ? error.message : String(error))
  })
  const exitCode = await launcher.openWindow(paths, runtime)
  if (io.interrupted.aborted) io.interrupted.throwIfAborted()
  if (exitCode !== 0) {
    throw new WedgeviewError(
      'job',
      'window-failed',
      `The window ended with exit code ${exitCode}.`,
      'Try `wedgeview serve` and a browser; `wedgeview doctor` says more.'
    )
  }
}

async function existingFile(file: string, io: CliIo): Promise<string> {
  const path = resolve(io.workingDirectory, file)
  if (await stat(path).catch(() => null)) return path
  throw new WedgeviewError(
    'input',
    'mrc-not-found',
    `${path} does not exist, and ${file} is not a command.`,
    'Check the spelling; `wedgeview --help` lists the commands.'
  )
}

function importScript<T>(path: string): Promise<T> {
  return import(/* @vite-ignore */ pathToFileURL(path).href) as Promise<T>
}

function noWindow(reason: string): WedgeviewError {
  return new WedgeviewError(
    'job',
    'no-window',
    `${reason.replace(/\.$/, '')}.`,
    'Use `wedgeview serve FILE` and open the address it prints in a browser.'
  )
}
