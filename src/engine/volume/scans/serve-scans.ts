import type { MessagePort } from 'node:worker_threads'
import { toFailure } from '../../../shared/errors.ts'
import { OpenFiles } from './open-files.ts'
import type { ScanCall, ScannedFile, ScanReply, ScanRequest } from './protocol.ts'
import { scanTasks } from './tasks.ts'
import type { ScanHooks } from './tasks.ts'
import { Turns } from './turns.ts'
import type { Volume } from '../volume.ts'

/** Progress is for people. */
const progressEveryMilliseconds = 100

/** Answers scan requests that come through `port`. */
export function serveScans(port: MessagePort): void {
  const files = new OpenFiles()
  const turns = new Turns()
  const running = new Map<number, AbortController>()
  const tasks = new Set<Promise<void>>()
  const reply = (message: ScanReply, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer)

  const run = async (id: number, file: ScannedFile, call: ScanCall): Promise<void> => {
    const controller = new AbortController()
    const { signal } = controller
    running.set(id, controller)
    let last = 0
    const hooks: ScanHooks = {
      signal,
      onProgress(fraction) {
        const now = performance.now()
        if (now - last < progressEveryMilliseconds) return
        last = now
        reply({ type: 'progress', id, fraction })
      },
      turn: () => turns.pass(signal)
    }
    try {
      const result = await files.use(file, signal, (volume) => carryOut(call, volume, hooks))
      reply({ type: 'done', id, result }, buffersOf(result))
    } catch (error) {
      reply({ type: 'failed', id, failure: toFailure(error) })
    } finally {
      running.delete(id)
    }
  }

  const end = async (): Promise<void> => {
    for (const controller of running.values()) controller.abort()
    await Promise.all(tasks)
    port.close()
  }

  port.on('message', (message: ScanRequest) => {
    if (message.type === 'run') {
      const task = run(message.id, message.file, message.call)
      tasks.add(task)
      void task.finally(() => tasks.delete(task))
    }
    if (message.type === 'cancel') running.get(message.id)?.abort()
    if (message.type === 'release') void files.release(message.path)
    if (message.type === 'hold') turns.held = message.held
    if (message.type === 'end') void end()
  })
}

/** `call` holds a task together with its own input, which the compiler can't follow through the table of tasks. */
function carryOut({ task, input }: ScanCall, volume: Volume, hooks: ScanHooks): Promise<unknown> {
  const work = scanTasks[task] as (volume: Volume, input: ScanCall['input'], hooks: ScanHooks) => Promise<unknown>
  return work(volume, input, hooks)
}

/** Rasters are handed over without a copy. */
function buffersOf(result: unknown): ArrayBuffer[] {
  if (typeof result !== 'object' || result === null || !('data' in result)) return []
  return result.data instanceof Float32Array && result.data.buffer instanceof ArrayBuffer ? [result.data.buffer] : []
}
