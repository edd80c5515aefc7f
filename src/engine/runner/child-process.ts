import { fork } from 'node:child_process'
import { memoryEnvironment } from '../graph/session-memory.ts'
import type { RunnerPort, SpawnRunner } from './port.ts'

/** Starts the runner as a Node child process, for the command line and `serve`. `entryPath` is the built entry. */
export function childProcessRunner(entryPath: string): SpawnRunner {
  return () => {
    const child = fork(entryPath, [], {
      // Structured clone instead of JSON: maps travel as Float32Array.
      serialization: 'advanced',
      // Whatever a library prints must not end up in a document on standard output.
      stdio: ['ignore', 2, 2, 'ipc'],
      env: { ...memoryEnvironment(), ...process.env },
      execArgv: []
    })
    const port: RunnerPort = {
      postMessage: (message) => {
        // A process that has just died can't be told anything; its exit is reported on its own.
        if (child.connected) child.send(message as object, () => undefined)
      },
      onMessage: (listener) => child.on('message', listener),
      onExit: (listener) => {
        let told = false
        const tell = (code: number | null): void => {
          if (!told) listener(code)
          told = true
        }
        child.once('exit', tell)
        child.once('error', () => tell(null))
      },
      kill: () => child.kill('SIGKILL')
    }
    return port
  }
}
