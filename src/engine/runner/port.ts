/**
 * A connection to the process that runs the networks. Electron's utilityProcess and Node's child
 * process both fit; the supervisor knows no other way to reach it.
 */
export interface RunnerPort {
  postMessage(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** Called once, with the exit code (null when killed by a signal). */
  onExit(listener: (code: number | null) => void): void
  /** Ends the process at once. */
  kill(): void
}

export type SpawnRunner = () => RunnerPort
