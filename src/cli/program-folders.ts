import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { WedgeviewError } from '../shared/errors.ts'

/** Where the program's own files are, wherever this code runs: built, from source, or inside a packaged app. */
export interface ProgramFolders {
  /** The folder with package.json. */
  root: string
  /** Samples, bundles, fonts. */
  resources: string
  /** The built user interface. */
  renderer: string
  /** The built process that runs networks. */
  runnerEntry: string
  /** The built thread that scans volumes. */
  volumeWorker: string
}

const packageSchema = z.object({ name: z.string(), version: z.string() })

export function programFolders(): ProgramFolders {
  const root = programRoot()
  return {
    root,
    resources: resourcesOf(root),
    renderer: join(root, 'out', 'renderer'),
    runnerEntry: join(root, 'out', 'main', 'runner.js'),
    volumeWorker: join(root, 'out', 'main', 'volume-worker.js')
  }
}

export function programVersion(): string {
  return readPackage(programRoot())?.version ?? 'unknown'
}

/** The nearest folder above this file whose package.json is the program's own. */
function programRoot(): string {
  const here = dirname(fileURLToPath(import.meta.url))
  for (let folder = here; ; folder = dirname(folder)) {
    if (readPackage(folder)?.name === 'wedgeview') return folder
    if (dirname(folder) === folder) {
      throw new WedgeviewError(
        'job',
        'program-incomplete',
        `No folder above ${here} holds the program's package.json.`,
        'Install the program again.'
      )
    }
  }
}

function readPackage(folder: string): z.infer<typeof packageSchema> | null {
  const file = join(folder, 'package.json')
  if (!existsSync(file)) return null
  const found = packageSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')))
  return found.success ? found.data : null
}

/** A packaged app keeps its resources beside its archive, where other programs can read them. */
function resourcesOf(root: string): string {
  const packaged = 'resourcesPath' in process && /\.asar$/.test(root) ? process.resourcesPath : null
  return typeof packaged === 'string' ? packaged : join(root, 'resources')
}

/** Where run folders go when a tomogram's own folder can't be written: the system's place for a program's data. */
export function runsFallback(env: Readonly<Record<string, string | undefined>>): string {
  const { platform } = process
  const data =
    platform === 'win32'
      ? (env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'))
      : platform === 'darwin'
        ? join(homedir(), 'Library', 'Application Support')
        : (env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'))
  return join(data, 'wedgeview', 'runs')
}
