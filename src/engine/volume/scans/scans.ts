import type { ScanOptions, Volume } from '../volume.ts'
import { scanTasks } from './tasks.ts'
import type { ScanTaskName, ScanTasks } from './tasks.ts'

/** Carries out scan tasks, in this thread or in another. */
export interface Scans {
  /** Errors are the task's own, or the signal's reason. */
  run<Name extends ScanTaskName>(
    task: Name,
    volume: Volume,
    input: ScanTasks[Name]['input'],
    options?: ScanOptions
  ): Promise<ScanTasks[Name]['result']>
  /** Makes tasks that can wait do so until the function it returns is called. */
  hold(): () => void
  /** Says that a file is closed. */
  release(path: string): void
  close(): Promise<void>
}

/** In this thread, in small turns: for volumes in memory, and for programs that have nothing else to do meanwhile. */
export function scansInThread(): Scans {
  return {
    async run(task, volume, input, options = {}) {
      const { signal = new AbortController().signal, onProgress = () => undefined } = options
      signal.throwIfAborted()
      return scanTasks[task](volume, input, { signal, onProgress, turn: async () => undefined })
    },
    hold: () => () => undefined,
    release: () => undefined,
    close: async () => undefined
  }
}
