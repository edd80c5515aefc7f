import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { InvalidArgumentError } from 'commander'
import type { Command } from 'commander'
import { createApi } from '../../engine/api/index.ts'
import { folderPolicy, followLinks, isInside } from '../../engine/api/path-access.ts'
import { childProcessRunner } from '../../engine/runner/child-process.ts'
import { userPyramidCache } from '../../engine/volume/pyramid/user-cache-folder.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import { writeJson } from '../io.ts'
import type { CliIo } from '../io.ts'
import { programFolders, programVersion, runsFallback } from '../program-folders.ts'
import { startServer } from '../serve/server.ts'
import type { Server } from '../serve/server.ts'

interface ServeOptions {
  port: number
  host: string
  root?: string
  json?: true
}

export function register(program: Command, io: CliIo): void {
  program
    .command('serve')
    .description('the same user interface in a browser, also through an ssh tunnel')
    .argument('[FILE...]', 'tomograms to open at start')
    .option('--port <PORT>', 'port to listen on; 0 takes any free one', portNumber, 0)
    .option('--host <HOST>', 'address to listen on; other machines reach the server only if this says so', '127.0.0.1')
    .option(
      '--root <DIR>',
      "only files below this folder can be opened (default: the first FILE's folder, else this one)"
    )
    .option('--json', 'print {url, port, token} on standard output once ready')
    .action((files: string[], options: ServeOptions) => serve(files, options, io))
}

function portNumber(text: string): number {
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port
  throw new InvalidArgumentError('It must be a whole number from 0 to 65535.')
}

/** Runs until it is interrupted; then everything is closed, jobs are cancelled, and the interruption is thrown. */
async function serve(files: readonly string[], options: ServeOptions, io: CliIo): Promise<void> {
  const folders = programFolders()
  if (!existsSync(join(folders.renderer, 'index.html'))) {
    throw new WedgeviewError(
      'job',
      'program-incomplete',
      `The user interface is not built: ${folders.renderer} has no index.html.`,
      'Run `npm ci && npm run build` in the program’s folder first.'
    )
  }
  const initialFiles = files.map((file) => resolve(io.workingDirectory, file))
  const root = await rootFolder(options.root, initialFiles, io)
  await Promise.all(initialFiles.map((path) => assertServed(path, [root, folders.resources])))
  const runs = runsFallback(io.env)
  const api = createApi({
    mount: 'browser',
    version: programVersion(),
    paths: await folderPolicy([root, runs]),
    spawnRunner: childProcessRunner(folders.runnerEntry),
    volumeWorker: folders.volumeWorker,
    pyramidCache: userPyramidCache(io.env),
    resources: folders.resources,
    runsFallback: runs,
    stateFolder: dirname(runs),
    onLog: (level, message) => level !== 'info' && io.stderr(`${message}\n`),
    initialFiles,
    root
  })
  try {
    const server = await startServer({ api, renderer: folders.renderer, host: options.host, port: options.port })
    try {
      announce(server, root, options, io)
      await interruption(io.interrupted)
    } finally {
      await server.close()
    }
  } finally {
    await api.close()
  }
  io.interrupted.throwIfAborted()
}

async function rootFolder(root: string | undefined, files: readonly string[], io: CliIo): Promise<string> {
  const first = files[0]
  const folder = root !== undefined ? resolve(io.workingDirectory, root) : first ? dirname(first) : io.workingDirectory
  const status = await stat(folder).catch(() => null)
  if (status?.isDirectory()) return followLinks(folder)
  throw new WedgeviewError('input', 'root-not-a-folder', `${folder} is not a folder.`, 'Give an existing folder.')
}

async function assertServed(path: string, folders: readonly string[]): Promise<void> {
  const resolved = await followLinks(path)
  if (!(await stat(resolved).catch(() => null))) {
    throw new WedgeviewError('input', 'mrc-not-found', `${path} does not exist.`, 'Check the path and the spelling.')
  }
  const allowed = await Promise.all(folders.map(followLinks))
  if (allowed.some((folder) => isInside(folder, resolved))) return
  throw new WedgeviewError(
    'input',
    'path-not-allowed',
    `${path} is not below ${folders[0]}.`,
    'Name a folder with --root that holds every file.'
  )
}

function announce(server: Server, root: string, { host, json }: ServeOptions, io: CliIo): void {
  const { url, port, token } = server
  if (json) writeJson(io, { url, port, token })
  io.stderr(
    `Serving files below ${root}\nOpen ${url}\nThe address holds a secret: keep it to yourself. Ctrl-C ends it.\n`
  )
  if (!isLoopback(host)) {
    io.stderr(`Other machines can reach this address, and the traffic is not encrypted; an ssh tunnel is safer.\n`)
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

function interruption(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((done) => signal.addEventListener('abort', () => done(), { once: true }))
}
