import type { RunnerChannel } from './serve.ts'

/** Electron's process.parentPort, typed here because the engine knows nothing of Electron. */
interface UtilityParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): void
}

function utilityParentPort(): UtilityParentPort | null {
  const candidate: unknown = Reflect.get(process, 'parentPort')
  return typeof candidate === 'object' && candidate !== null ? (candidate as UtilityParentPort) : null
}

/**
 * The connection to whoever started this process: an Electron main process (utilityProcess) or a Node parent
 * (fork with `serialization: 'advanced'`).
 *
 * @throws {Error} when the process was started by hand
 */
export function parentChannel(): RunnerChannel {
  const exit = (): void => process.exit(0)
  const port = utilityParentPort()
  if (port) {
    leaveToParent('SIGINT')
    return {
      post: (event) => port.postMessage(event),
      onMessage: (listener) => port.on('message', (event) => listener(event.data)),
      // Chromium ends a utility process together with its parent.
      onDisconnect: () => undefined,
      exit
    }
  }
  if (!process.send) throw new Error('The runner is started by Wedgeview itself; use `wedgeview reconstruct`.')
  leaveToParent('SIGINT', 'SIGTERM', 'SIGHUP')
  return {
    post: (event) => {
      if (process.connected) process.send?.(event)
    },
    onMessage: (listener) => process.on('message', listener),
    onDisconnect: (listener) => process.on('disconnect', listener),
    exit
  }
}

/**
 * Ctrl-C and the like reach every process of a terminal's group. The parent decides what they mean; this process waits to be told,
 * or ends when its parent is gone.
 */
function leaveToParent(...signals: NodeJS.Signals[]): void {
  for (const signal of signals) process.on(signal, () => undefined)
}
