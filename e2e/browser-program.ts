import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { basename, join } from 'node:path'
import { chromium } from '@playwright/test'
import { projectRoot } from '../scripts/run-command.mjs'
import { systemChromium } from '../scripts/system-packages.mjs'
import {
  askForFiles,
  collectComplaints,
  quietChromium,
  stepTimeout,
  type ProgramStart,
  type RunningProgram
} from './running-program.ts'

/** A port nobody listens on now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port is free')
  return address.port
}

/** Waits until `wedgeview serve` has printed its address. */
function printedAddress(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = ''
    const read = (chunk: Buffer): void => {
      printed += chunk.toString()
      const address = /http:\/\/\S+(?=\s)/.exec(printed)
      if (address) resolve(address[0])
    }
    server.stdout?.on('data', read)
    server.stderr?.on('data', read)
    server.once('exit', (code) => reject(new Error(`wedgeview serve ended (exit code ${code}): ${printed}`)))
    server.once('error', reject)
  })
}

async function stopServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  server.kill('SIGTERM')
  await once(server, 'exit')
}

export interface BrowserProgram extends RunningProgram {
  /** Ends the server as a power cut would. */
  kill(): Promise<void>
}

/** Files on the command line have to be among the program's samples or below `dataDir`, which is all the server shows. */
export async function startBrowserProgram({ dataDir, files }: ProgramStart): Promise<BrowserProgram> {
  const port = await freePort()
  const program = join(projectRoot, 'bin', 'wedgeview.mjs')
  const args = [program, 'serve', '--port', String(port), '--root', dataDir, ...files]
  const server = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, XDG_DATA_HOME: join(dataDir, 'data'), XDG_CACHE_HOME: join(dataDir, 'cache') }
  })
  const address = await printedAddress(server)
  const browser = await chromium.launch({
    executablePath: systemChromium() ?? chromium.executablePath(),
    args: quietChromium
  })
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const complaints = collectComplaints(context)
  const page = await context.newPage()
  page.setDefaultTimeout(stepTimeout)
  await page.goto(address)
  const openFile = async (path: string): Promise<void> => {
    await askForFiles(page)
    await page.getByRole('list', { name: 'Files' }).getByText(basename(path), { exact: true }).click()
  }
  return {
    page,
    desktop: null,
    complaints,
    openFile,
    close: async () => {
      await browser.close()
      await stopServer(server)
    },
    kill: async () => {
      const ended = once(server, 'exit')
      server.kill('SIGKILL')
      await ended
      await browser.close()
    }
  }
}
