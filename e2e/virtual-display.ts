import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'

export interface VirtualDisplay {
  /** Value for DISPLAY. */
  name: string
  stop(): void
}

/**
 * Starts an X server without a screen on a display number that is free; the server chooses it itself.
 *
 * @throws when there is no Xvfb
 */
export async function startVirtualDisplay(): Promise<VirtualDisplay> {
  const numberPipe = 3
  const args = ['-displayfd', String(numberPipe), '-screen', '0', '1920x1200x24', '-nolisten', 'tcp']
  const server = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  const stop = (): void => {
    server.kill()
  }
  const numbers = server.stdio[numberPipe] as Readable
  const number = await new Promise<string>((resolve, reject) => {
    server.once('error', (error) => reject(new Error(`Xvfb can't be started (${error.message}): install xvfb`)))
    server.once('exit', (code) => reject(new Error(`Xvfb ended at once (exit code ${code})`)))
    let text = ''
    numbers.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      if (text.includes('\n')) resolve(text.trim())
    })
  })
  return { name: `:${number}`, stop }
}
