import { utilityProcess } from 'electron'
import type { RunnerPort, SpawnRunner } from '../engine/runner/port.ts'

/**
 * Starts the process that runs the networks as a utility process of Electron: an ordinary Node process under
 * the program's name, which can be killed without harm to the window.
 *
 * @param entry absolute path of the built runner (`out/main/runner.js`)
 */
export function utilityRunner(entry: string): SpawnRunner {
  return (): RunnerPort => {
    const child = utilityProcess.fork(entry, [], { serviceName: 'Wedgeview networks', stdio: 'inherit' })
    let ended = false
    child.once('exit', () => (ended = true))
    return {
      postMessage: (message) => {
        if (!ended) child.postMessage(message)
      },
      onMessage: (listener) => child.on('message', listener),
      onExit: (listener) => child.once('exit', listener),
      kill: () => {
        // A run blocks its thread, so a polite request to end would be heard only after it.
        if (!ended && child.pid !== undefined) process.kill(child.pid, 'SIGKILL')
        else child.kill()
      }
    }
  }
}
